// The files of the repository that the rules apply to.

import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "./dependencies.ts";
import type { Source } from "./source.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PLACES = ["packages/*/{src,bin,test}/**/*.{ts,mjs}", "{test,examples,bench}/**/*.{ts,mjs}", "*.ts"];

/** Every source that is ours and written by hand. */
export function readSources(): Source[] {
  return list(PLACES).map((path) => ({ path, text: readText(path) }));
}

/** What each package.json asks for. */
export function readDependencies(): Manifest[] {
  return list(["package.json", "packages/*/package.json"]).map((path) => {
    const manifest = readPackageJson(path);
    return { path, dependencies: Object.assign({}, ...KINDS.map((kind) => manifest[kind])) };
  });
}

/** The sources of the packages' doors, by path. The internal door promises nothing and is not among them. */
export function listEntries(): string[] {
  return list(["packages/*/package.json"]).flatMap((path) =>
    Object.entries(readPackageJson(path).exports ?? {}).flatMap(([door, target]) => {
      if (door === "./internal" || typeof target === "string") return [];
      return [posix.join(posix.dirname(path), target["@krarup/source"])];
    }),
  );
}

/** The text of the file at `path`. */
export function readText(path: string): string {
  return readFileSync(ROOT + path, "utf8");
}

/** The packages' folders. */
export function listPackages(): string[] {
  return list(["packages/*/package.json"]).map((path) => path.split("/")[1] ?? "");
}

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

type PackageJson = Partial<Record<(typeof KINDS)[number], Record<string, string>>> & {
  readonly exports?: Record<string, string | { readonly "@krarup/source": string }>;
};

function readPackageJson(path: string): PackageJson {
  // npm has refused to install from a manifest of another shape.
  return JSON.parse(readText(path)) as PackageJson;
}

function list(patterns: readonly string[]): string[] {
  return globSync(patterns, { cwd: ROOT })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !/\/(node_modules|dist|\.[^/]+)\//.test(path))
    .sort();
}
