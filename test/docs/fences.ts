// Finds the examples: each fence of TypeScript in a guide or in a doc comment.

import { parseSync } from "oxc-parser";

export interface Fence {
  /** The file it stands in, from the root of the repository. */
  readonly path: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** False after `ts no-run`: the example is checked, not run. */
  readonly runs: boolean;
}

/** The fences of a Markdown document. */
export function fencesInMarkdown(path: string, text: string): Fence[] {
  return fencesIn(path, text.split("\n"), 1);
}

/** The fences in the doc comments of a TypeScript source. */
export function fencesInSource(path: string, text: string): Fence[] {
  return parseSync(path, text).comments.flatMap(({ type, value, start }) => {
    if (type !== "Block" || !value.startsWith("*")) return [];
    const lines = value.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    return fencesIn(path, lines, text.slice(0, start).split("\n").length);
  });
}

function fencesIn(path: string, lines: readonly string[], firstLine: number): Fence[] {
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", ticks = "", info = ""] = /^(\s*)(`{3,})(.*)$/.exec(lines[at] ?? "") ?? [];
    if (ticks === "") continue;
    const end = lines.findIndex((line, i) => i > at && line.trim() === ticks);
    if (end < 0) throw new SyntaxError(`${path}:${firstLine + at} this fence has no end`);
    const code = lines.slice(at + 1, end).map((line) => withoutIndent(line, indent));
    const line = firstLine + at + 1;
    if (isTypeScript(path, line, info)) fences.push({ path, line, code: code.join("\n"), runs: info === "ts" });
    at = end;
  }
  return fences;
}

/** Whether a fence is ours to check. A misspelt flag would silently turn a test off, so it is refused. */
function isTypeScript(path: string, line: number, info: string): boolean {
  if (!/^ts\b/.test(info)) return false;
  if (info === "ts" || info === "ts no-run") return true;
  throw new SyntaxError(`${path}:${line - 1} a fence is "ts" or "ts no-run", not "${info}"`);
}

function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}
