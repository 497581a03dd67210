// The files of the repository that the rules apply to.

import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Manifest } from "./dependencies.ts";
import type { Source } from "./source.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PLACES = [
  "packages/*/{src,bin,test}/**/*.{ts,mjs}",
  "{test,examples,bench}/**/*.{ts,mjs}",
  "*.ts",
];

/** Every source that is ours and written by hand. */
export function readSources(): Source[] {
  return list(PLACES).map((path) => ({ path, text: readText(path) }));
}

/** What each package.json asks for. */
export function readManifests(): Manifest[] {
  return list(["package.json", "packages/*/package.json"]).map((path) => {
    // npm has refused to install from a manifest of another shape.
    const manifest = JSON.parse(readText(path)) as Partial<Record<Kind, Record<string, string>>>;
    return { path, dependencies: Object.assign({}, ...KINDS.map((kind) => manifest[kind])) };
  });
}

/** The text of the file at `path`. */
export function readText(path: string): string {
  return readFileSync(ROOT + path, "utf8");
}

/** The packages' folders. */
export function listPackages(): string[] {
  return list(["packages/*/package.json"]).map((path) => path.split("/")[1] ?? "");
}

const KINDS = [
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
] as const;
type Kind = (typeof KINDS)[number];

function list(patterns: readonly string[]): string[] {
  return globSync(patterns, { cwd: ROOT })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !/\/(node_modules|dist|\.[^/]+)\//.test(path))
    .sort();
}
