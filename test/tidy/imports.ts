// Which modules a source names: imports, re-exports, dynamic imports, import types.

import { isNode, rootOf, type Source, type SyntaxNode, walk } from "./source.ts";

export interface Import {
  readonly specifier: string;
  readonly offset: number;
}

const IMPORTING = [
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
];

/** Every module that `source` names by a literal. */
export function importsOf(source: Source): Import[] {
  const imports: Import[] = [];
  walk(rootOf(source), (node) => {
    if (!IMPORTING.includes(node.type)) return;
    const specifier = literalIn(node);
    if (specifier !== undefined) imports.push({ specifier, offset: node.start });
  });
  return imports;
}

/** The package of a bare specifier: `@krarup/core` of `@krarup/core/internal`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

function literalIn(node: SyntaxNode): string | undefined {
  const literal = node["source"];
  if (!isNode(literal)) return undefined;
  return typeof literal["value"] === "string" ? literal["value"] : undefined;
}
