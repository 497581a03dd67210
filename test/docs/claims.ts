// Turns what an example claims into checks:
//
//   value; // => 3              claim(LINE, (value), 3);
//   const x = value; // => 3    const x = value; claim(LINE, x, 3);
//   act(); // throws ERR_X      { let thrown; try { act(); } catch (error) { … } claimThrown(LINE, thrown, "ERR_X"); }
//
// The claim may also stand on the line below. No line is added or removed, so that whatever a compiler or a stack trace
// says about a line of the module is true of the document.

import { parseSync } from "oxc-parser";
import { childrenOf, isNode, type SyntaxNode } from "../tidy/source.ts";
import type { Fence } from "./fences.ts";

export interface ClaimedModule {
  readonly text: string;
  /** The lines of the document that hold a claim, each to be reached and found true. */
  readonly claims: readonly number[];
}

interface Edit {
  readonly at: number;
  readonly insert: string;
}

/** The module that runs `fence`. Its first line, above the document's fence, is free for the import. */
export function claimedModule(fence: Fence): ClaimedModule {
  const { program, comments, errors } = parseSync("fence.ts", fence.code);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${fence.path}:${fence.line} ${error.message}`);
  // Each node of the typed tree has the fields of a SyntaxNode.
  const statements = statementsBelow(program as unknown as SyntaxNode);
  const edits: Edit[] = [];
  const claims: number[] = [];
  for (const { value, start } of comments) {
    const [, kind, what = ""] = /^\s*(=>|throws)\s*(.*?)\s*$/.exec(value) ?? [];
    if (kind === undefined) continue;
    const line = fence.line + countLines(fence.code.slice(0, start)) - 1;
    const statement = statementBefore(fence.code, statements, start);
    if (statement === undefined) throw new SyntaxError(`${fence.path}:${line} a claim about nothing`);
    edits.push(...(kind === "=>" ? claimValue(line, statement, what) : claimThrow(line, statement, what)));
    claims.push(line);
  }
  return { text: preamble(fence, claims) + applyEdits(fence.code, edits), claims };
}

function preamble({ line }: Fence, claims: readonly number[]): string {
  const imports = claims.length === 0 ? "" : `import { claim, claimThrown } from "../ledger.ts";`;
  return imports + "\n".repeat(line - 1);
}

function claimValue(line: number, statement: SyntaxNode, value: string): Edit[] {
  const { expression } = statement;
  if (isNode(expression)) {
    return [
      { at: expression.start, insert: `claim(${line}, (` },
      { at: expression.end, insert: `), ${value})` },
    ];
  }
  return [{ at: statement.end, insert: ` claim(${line}, ${nameOf(statement)}, ${value});` }];
}

function claimThrow(line: number, { start, end }: SyntaxNode, code: string): Edit[] {
  const expected = code === "" ? "undefined" : JSON.stringify(code);
  return [
    { at: start, insert: "{ let thrown: unknown; try { " },
    {
      at: end,
      insert: ` } catch (error) { thrown = error; } claimThrown(${line}, thrown, ${expected}); }`,
    },
  ];
}

function nameOf(declaration: SyntaxNode): string {
  const { declarations } = declaration;
  const first: unknown = Array.isArray(declarations) ? declarations[0] : undefined;
  const id = isNode(first) ? first["id"] : undefined;
  return isNode(id) ? String(id["name"]) : "undefined";
}

/** What a claim can be about. */
function statementsBelow(node: SyntaxNode): SyntaxNode[] {
  const below = childrenOf(node).flatMap(statementsBelow);
  return ["ExpressionStatement", "VariableDeclaration"].includes(node.type) ? [node, ...below] : below;
}

/** The last statement that ends on the line of `offset`, or on the line above when `offset` begins its line. */
function statementBefore(code: string, statements: readonly SyntaxNode[], offset: number): SyntaxNode | undefined {
  const before = code.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  const isAlone = before.slice(lineStart).trim() === "";
  const from = isAlone ? before.lastIndexOf("\n", lineStart - 2) + 1 : lineStart;
  return statements
    .filter(({ end }) => end > from && end <= offset)
    .reduce<SyntaxNode | undefined>(
      (last, each) => (last !== undefined && last.end >= each.end ? last : each),
      undefined,
    );
}

function applyEdits(code: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((one, other) => other.at - one.at)
    .reduce((text, { at, insert }) => text.slice(0, at) + insert + text.slice(at), code);
}

function countLines(text: string): number {
  return text.split("\n").length;
}
