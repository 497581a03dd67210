// Names that a source takes from the global scope: identifiers in expressions that nothing in the file declares.

import { childrenOf, isNode, nodesIn, rootOf, type Source, type SyntaxNode } from "./source.ts";

export interface FreeGlobal {
  readonly name: string;
  readonly node: SyntaxNode;
  /** The nodes around it, nearest first. */
  readonly ancestors: readonly SyntaxNode[];
}

/** Wrappers of an expression that have no meaning at run time. */
export const TYPE_WRAPPERS = [
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
];

const SCOPES = [
  "Program",
  "BlockStatement",
  "StaticBlock",
  "SwitchStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "CatchClause",
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassExpression",
];

/** Every use of a global in `source`, as a value. */
export function freeGlobals(source: Source): FreeGlobal[] {
  const found: FreeGlobal[] = [];
  visit(rootOf(source), [], new Set(), found);
  return found;
}

function visit(
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
  outer: ReadonlySet<string>,
  found: FreeGlobal[],
): void {
  if (node.type.startsWith("TS") && !TYPE_WRAPPERS.includes(node.type)) return;
  const [parent] = ancestors;
  if (node.type === "Identifier" && !isPropertyName(node, parent)) {
    const name = String(node["name"]);
    if (!outer.has(name)) found.push({ name, node, ancestors });
  }
  const scope = SCOPES.includes(node.type) ? outer.union(namesDeclaredBy(node)) : outer;
  for (const child of childrenOf(node)) visit(child, [node, ...ancestors], scope, found);
}

/** `name` in `value.name`, `{ name: value }`, `class { name() {} }`, `export { x as name }`, `name: for (;;)`. */
function isPropertyName(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.type === "MemberExpression") return parent["property"] === node && parent["computed"] !== true;
  if (["Property", "MethodDefinition", "PropertyDefinition"].includes(parent.type))
    return (
      parent["key"] === node && parent["computed"] !== true && parent["value"] !== node && parent["shorthand"] !== true
    );
  return [
    "ImportSpecifier",
    "ExportSpecifier",
    "LabeledStatement",
    "BreakStatement",
    "ContinueStatement",
    "MetaProperty",
  ].includes(parent.type);
}

/** The names that come into being with `scope`: its own, its parameters', and those declared directly in it. */
function namesDeclaredBy(scope: SyntaxNode): Set<string> {
  const names = new Set<string>();
  for (const field of ["id", "params", "param"]) addBindings(scope[field], names);
  for (const statement of statementsOf(scope)) addBindings(statement, names);
  return names;
}

function statementsOf(scope: SyntaxNode): SyntaxNode[] {
  switch (scope.type) {
    case "SwitchStatement":
      return nodesIn(scope["cases"]).flatMap(({ consequent }) => nodesIn(consequent));
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
      return [scope["init"], scope["left"]].filter(isNode).filter(isDeclaration);
    default:
      return nodesIn(scope["body"]).map(unwrapExport);
  }
}

function isDeclaration({ type }: SyntaxNode): boolean {
  return type.endsWith("Declaration");
}

function unwrapExport(statement: SyntaxNode): SyntaxNode {
  const { declaration } = statement;
  return isNode(declaration) && isDeclaration(declaration) ? declaration : statement;
}

/** Adds the names that a declaration or a pattern binds. An ambient declaration binds none: it names a global. */
function addBindings(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) for (const each of node) addBindings(each, names);
  if (!isNode(node) || node["declare"] === true) return;
  if (node.type === "Identifier") names.add(String(node["name"]));
  for (const field of BINDING_FIELDS[node.type] ?? []) addBindings(node[field], names);
}

const BINDING_FIELDS: Readonly<Record<string, readonly string[]>> = {
  VariableDeclaration: ["declarations"],
  VariableDeclarator: ["id"],
  FunctionDeclaration: ["id"],
  ClassDeclaration: ["id"],
  ImportDeclaration: ["specifiers"],
  ImportSpecifier: ["local"],
  ImportDefaultSpecifier: ["local"],
  ImportNamespaceSpecifier: ["local"],
  ObjectPattern: ["properties"],
  ArrayPattern: ["elements"],
  Property: ["value"],
  RestElement: ["argument"],
  AssignmentPattern: ["left"],
};
