// A source file as the rules see it: text, syntax tree, comments, lines.

import { parseSync, type Comment, type Program, visitorKeys } from "oxc-parser";

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Where a source breaks a rule. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** What every node of a syntax tree has; the rest depends on its type. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

interface Parsed {
  readonly program: Program;
  readonly comments: readonly Comment[];
}

const parsed = new WeakMap<Source, Parsed>();

/** The syntax tree and the comments of `source`, parsed once. */
export function parse(source: Source): Parsed {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const result = parseSync(source.path, source.text);
  const [error] = result.errors;
  if (error !== undefined) throw new SyntaxError(`Cannot parse ${source.path}: ${error.message}`);
  const fresh = { program: result.program, comments: result.comments };
  parsed.set(source, fresh);
  return fresh;
}

/** The root of the syntax tree, for walking. */
export function rootOf(source: Source): SyntaxNode {
  // Each node of the typed tree has at least these fields.
  return parse(source).program as unknown as SyntaxNode;
}

/** The nodes directly below `node`, in the order of the text. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return (visitorKeys[node.type] ?? []).flatMap((key) => {
    const value = node[key];
    return (Array.isArray(value) ? value : [value]).filter(isNode);
  });
}

/** Visits `node` and all below it; `ancestors` come nearest first. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void,
  ancestors: readonly SyntaxNode[] = [],
): void {
  visit(node, ancestors);
  const path = [node, ...ancestors];
  for (const child of childrenOf(node)) walk(child, visit, path);
}

/** The nodes among the elements of `value`; none when it is not an array. */
export function nodesIn(value: unknown): SyntaxNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Whether `value` is a node of a syntax tree. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** The line of `offset`, from 1. */
export function lineAt(source: Source, offset: number): number {
  return source.text.slice(0, offset).split("\n").length;
}

/** A violation at a node. */
export function violationAt(source: Source, offset: number, message: string): Violation {
  return { path: source.path, line: lineAt(source, offset), message };
}

/** Whether somebody wrote a reason on one of `lines` or at the end of the line above it. Doc comments are no reasons. */
export function hasReason(source: Source, lines: readonly number[]): boolean {
  return parse(source).comments.some((comment) => {
    if (comment.type === "Block" && comment.value.startsWith("*")) return false;
    const line = lineAt(source, comment.end);
    return lines.some((wanted) => line === wanted || line === wanted - 1);
  });
}
