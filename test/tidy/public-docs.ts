// Docs are the contract: whatever an entry point exports has a doc comment where it is declared.

import { posix } from "node:path";
import { isNode, nodesIn, parse, rootOf, type Source, type SyntaxNode, type Violation, violationAt } from "./source.ts";

/** Exports of `entry`, through re-exports, that have no doc comment. */
export function checkPublicDocs(entry: Source, sources: ReadonlyMap<string, Source>): Violation[] {
  return exportsOf(entry).flatMap(({ name, from, offset }) => {
    const declared = findDeclaration(entry, name, from, sources);
    if (declared === null) return [violationAt(entry, offset, `cannot find where ${name} is declared`)];
    if (isDocumented(declared.source, declared.node)) return [];
    return [violationAt(declared.source, declared.node.start, `${name} is public and has no doc comment`)];
  });
}

interface Export {
  /** What it is called where it comes from. */
  readonly name: string;
  /** The file it comes from, as written; null when it is this one. */
  readonly from: string | null;
  readonly offset: number;
}

interface Declared {
  readonly source: Source;
  readonly node: SyntaxNode;
}

function exportsOf(source: Source): Export[] {
  return statements(source).flatMap((statement) => {
    const offset = statement.start;
    if (statement.type === "ExportAllDeclaration") return [{ name: "*", from: null, offset }];
    if (statement.type !== "ExportNamedDeclaration") return [];
    const from = textOf(statement["source"]);
    const { declaration } = statement;
    if (isNode(declaration)) return namesOf(declaration).map((name) => ({ name, from: null, offset }));
    return nodesIn(statement["specifiers"]).map(({ local }) => ({
      name: nameOf(local),
      from,
      offset,
    }));
  });
}

function findDeclaration(
  source: Source,
  name: string,
  from: string | null,
  sources: ReadonlyMap<string, Source>,
): Declared | null {
  const origin = from === null ? importOf(source, name) : { name, from };
  if (origin === null) return declarationIn(source, name);
  const target = sources.get(posix.join(posix.dirname(source.path), origin.from));
  if (target === undefined) return null;
  const onward = exportsOf(target).find((each) => each.name === origin.name);
  return findDeclaration(target, origin.name, onward?.from ?? null, sources);
}

/** Where `source` has `name` from, if it imports it. */
function importOf(source: Source, name: string): { name: string; from: string } | null {
  for (const statement of statements(source)) {
    const from = textOf(statement["source"]);
    if (statement.type !== "ImportDeclaration" || from === null) continue;
    const specifier = nodesIn(statement["specifiers"]).find(({ local }) => nameOf(local) === name);
    if (specifier !== undefined) return { name: nameOf(specifier["imported"]), from };
  }
  return null;
}

function declarationIn(source: Source, name: string): Declared | null {
  for (const statement of statements(source)) {
    const { declaration } = statement;
    const node = isNode(declaration) ? declaration : statement;
    if (namesOf(node).includes(name)) return { source, node: statement };
  }
  return null;
}

/** The names that a declaration declares. */
function namesOf(declaration: SyntaxNode): string[] {
  const declarators = nodesIn(declaration["declarations"]);
  if (declarators.length > 0) return declarators.map(({ id }) => nameOf(id));
  return isNode(declaration["id"]) ? [nameOf(declaration["id"])] : [];
}

/** Whether a doc comment stands directly before `node`; with overloads, before the first is enough. */
function isDocumented(source: Source, node: SyntaxNode): boolean {
  return parse(source).comments.some(
    ({ type, value, end }) =>
      type === "Block" &&
      value.startsWith("*") &&
      end <= node.start &&
      isOnlyComment(source.text.slice(end, node.start)),
  );
}

function isOnlyComment(text: string): boolean {
  return text.split("\n").every((line) => /^\s*(\/\/.*)?$/.test(line));
}

function statements(source: Source): SyntaxNode[] {
  return nodesIn(rootOf(source)["body"]);
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node["name"] ?? node["value"]) : "";
}

function textOf(literal: unknown): string | null {
  return isNode(literal) && typeof literal["value"] === "string" ? literal["value"] : null;
}
