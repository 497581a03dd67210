// Ways out of the type system: `any` and `!` are closed, `as` needs a reason.

import {
  hasReason,
  isNode,
  lineAt,
  rootOf,
  type Source,
  type SyntaxNode,
  type Violation,
  violationAt,
  walk,
} from "./source.ts";

/** Every `any` and `!`, and every `as` without a comment that says why it holds. */
export function checkEscapes(source: Source): Violation[] {
  const violations: Violation[] = [];
  walk(rootOf(source), (node, ancestors) => {
    const complaint = complaintAbout(source, node, ancestors);
    if (complaint !== null) violations.push(violationAt(source, node.start, complaint));
  });
  return violations;
}

function complaintAbout(source: Source, node: SyntaxNode, ancestors: readonly SyntaxNode[]): string | null {
  if (node.type === "TSAnyKeyword") return "`any` says nothing; `unknown` says so";
  if (node.type === "TSNonNullExpression" || node["definite"] === true) return "`!` hides a case; write it";
  if (node.type === "TSTypeAssertion") return "an assertion is written with `as`";
  if (node.type !== "TSAsExpression" || isConst(node)) return null;
  return hasReason(source, linesOf(source, node, ancestors))
    ? null
    : "`as` needs a comment that says why it holds, beside it or above it";
}

/** Where the reason may stand: with the `as` itself, or with the statement that it is part of. */
function linesOf(source: Source, node: SyntaxNode, ancestors: readonly SyntaxNode[]): number[] {
  const { typeAnnotation } = node;
  const at = isNode(typeAnnotation) ? typeAnnotation.start : node.end;
  const statement = ancestors.find(({ type }) => /Statement$|Declaration$|Definition$/.test(type));
  return [lineAt(source, at), lineAt(source, (statement ?? node).start)];
}

function isConst({ typeAnnotation }: SyntaxNode): boolean {
  if (!isNode(typeAnnotation) || typeAnnotation.type !== "TSTypeReference") return false;
  const { typeName } = typeAnnotation;
  return isNode(typeName) && typeName["name"] === "const";
}
