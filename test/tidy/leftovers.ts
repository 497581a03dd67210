// What an author meant to come back to.

import {
  hasReason,
  isNode,
  lineAt,
  parse,
  rootOf,
  type Source,
  type SyntaxNode,
  type Violation,
  violationAt,
  walk,
} from "./source.ts";

/** Notes to self, tests that hide others, tests that are left out without a reason, halts for a debugger. */
export function checkLeftovers(source: Source): Violation[] {
  return [...checkNotes(source), ...checkCode(source)];
}

function checkNotes(source: Source): Violation[] {
  return parse(source).comments.flatMap(({ value, start }) => {
    if (/\b(FIXME|XXX|HACK)\b/.test(value)) return [violationAt(source, start, "an unfinished place")];
    if (/\bTODO\b(?!.*#\d+)/.test(value)) return [violationAt(source, start, "a TODO without an issue (#1)")];
    return [];
  });
}

function checkCode(source: Source): Violation[] {
  const violations: Violation[] = [];
  walk(rootOf(source), (node) => {
    if (node.type === "DebuggerStatement") violations.push(violationAt(source, node.start, "a debugger statement"));
    const modifier = modifierOfTest(node);
    if (modifier === "only") violations.push(violationAt(source, node.start, ".only hides the other tests"));
    if (modifier === "skip" || modifier === "todo") {
      if (!hasReason(source, [lineAt(source, node.start)]))
        violations.push(violationAt(source, node.start, `.${modifier} needs a reason beside it or above it`));
    }
  });
  return violations;
}

/** `only` of `it.only`, `describe.only`, `it.skip.each`. */
function modifierOfTest(node: SyntaxNode): string | null {
  if (node.type !== "MemberExpression") return null;
  const { object, property } = node;
  if (!isNode(object) || !isNode(property)) return null;
  const isTest = ["it", "test", "describe", "bench"].includes(String(object["name"]));
  return isTest ? String(property["name"]) : null;
}
