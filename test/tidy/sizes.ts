// The red zones of size. What is larger is not wrong by itself, but somebody must say why.

import { parse, rootOf, type Source, type Violation, violationAt, walk } from "./source.ts";

const FUNCTION_LINES_MAX = 70;
const FILE_CODE_LINES_MAX = 400;
const FUNCTIONS = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];

/** Functions of more than 70 lines. A suite of tests is no function in this sense. */
export function checkFunctionSizes(source: Source): Violation[] {
  if (isTest(source.path)) return [];
  const violations: Violation[] = [];
  walk(rootOf(source), (node) => {
    if (!FUNCTIONS.includes(node.type)) return;
    const lines = source.text.slice(node.start, node.end).split("\n").length;
    if (lines > FUNCTION_LINES_MAX) violations.push(violationAt(source, node.start, `a function of ${lines} lines`));
  });
  return violations;
}

/** Files of more than 400 code lines without a reason, and reasons that are not needed. */
export function checkFileSize(source: Source, reasons: Readonly<Record<string, string>>): Violation[] {
  const lines = countCodeLines(source);
  const isLong = lines > FILE_CODE_LINES_MAX;
  const hasEntry = reasons[source.path] !== undefined;
  if (isLong === hasEntry) return [];
  const message = isLong
    ? `a file of ${lines} code lines needs a reason in test/tidy/exceptions.ts`
    : "a file of usual length needs no exception";
  return [violationAt(source, 0, message)];
}

/** Lines with something else than comments on them. */
export function countCodeLines(source: Source): number {
  let code = source.text;
  for (const { start, end } of parse(source).comments)
    code = code.slice(0, start) + code.slice(start, end).replaceAll(/[^\n]/g, " ") + code.slice(end);
  return code.split("\n").filter((line) => line.trim() !== "").length;
}

function isTest(path: string): boolean {
  return /\.test(-d)?\.ts$/.test(path);
}
