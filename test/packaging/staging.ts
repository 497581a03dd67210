// The published packages as a user gets them: built from a copy of the sources, packed, and unpacked where a program would
// have them. A copy, because a build in place keeps the output of files that are gone, and other commands build there too.

import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

export interface Packed {
  readonly name: string;
  /** Where it stands in the repository. */
  readonly home: string;
  readonly tarball: string;
  /** What the tarball holds, by path inside the package. */
  readonly files: readonly string[];
  readonly manifest: Manifest;
}

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface PackReport {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

export interface Staging {
  readonly packages: readonly Packed[];
  /** A program's folder with the packages in its node_modules. */
  readonly app: string;
}

/** Builds, packs and installs every package of the workspace in a temporary folder. */
export function stagePackages(): Staging {
  const folder = mkdtempSync(join(tmpdir(), "krarup-packaging-"));
  const homes = readdirSync(join(ROOT, "packages"));
  copySources(folder, homes);
  execFileSync(process.execPath, [TSC, "-b", "tsconfig.build.json"], {
    cwd: folder,
    stdio: "pipe",
    encoding: "utf8",
  });
  const packages = pack(folder, homes);
  const app = join(folder, "app");
  for (const each of packages) install(each, app);
  link(join(ROOT, "node_modules/@types"), join(app, "node_modules/@types"));
  return { packages, app };
}

function copySources(folder: string, homes: readonly string[]): void {
  for (const file of ["package.json", "tsconfig.base.json", "tsconfig.build.json"])
    cpSync(join(ROOT, file), join(folder, file));
  for (const home of homes) {
    const isSource = (path: string): boolean => !/\/(dist|test|node_modules)$/.test(path);
    cpSync(join(ROOT, "packages", home), join(folder, "packages", home), {
      recursive: true,
      filter: isSource,
    });
    link(ownFolder(home), join(folder, "packages", home, "node_modules"));
  }
  linkWorkspace(folder, homes);
}

/** What is installed for one package alone. */
function ownFolder(home: string): string {
  return join(ROOT, "packages", home, "node_modules");
}

/** node_modules of the copy: the installed packages, with ours among them. */
function linkWorkspace(folder: string, homes: readonly string[]): void {
  const modules = join(folder, "node_modules");
  for (const name of readdirSync(join(ROOT, "node_modules")))
    if (name !== "@krarup" && name !== "krarup") link(join(ROOT, "node_modules", name), join(modules, name));
  for (const home of homes)
    link(join(folder, "packages", home), join(modules, readManifest(join(folder, "packages", home)).name));
}

function pack(folder: string, homes: readonly string[]): Packed[] {
  const output = execFileSync("npm", ["pack", "--json", "--workspaces", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
  });
  // npm's own report of what it packed.
  const reports = Object.values(JSON.parse(output) as Record<string, PackReport>);
  return homes.map((home) => {
    const manifest = readManifest(join(folder, "packages", home));
    const report = reports.find(({ name }) => name === manifest.name);
    if (report === undefined) throw new Error(`npm did not pack ${manifest.name}`);
    const files = report.files.map(({ path }) => path).sort();
    return { name: manifest.name, home, tarball: join(folder, report.filename), files, manifest };
  });
}

function install({ name, home, tarball, manifest }: Packed, app: string): void {
  const target = join(app, "node_modules", name);
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (dependency.startsWith("@krarup/")) continue;
    const own = join(ownFolder(home), dependency);
    link(existsSync(own) ? own : join(ROOT, "node_modules", dependency), join(app, "node_modules", dependency));
  }
}

function readManifest(folder: string): Manifest & { readonly name: string } {
  // Our own manifest, which npm has read before us.
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest & {
    name: string;
  };
}

function link(from: string, to: string): void {
  if (!existsSync(from) || existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to);
}

/** Writes a file of the program. */
export function writeInto(app: string, name: string, text: string): void {
  writeFileSync(join(app, name), text);
}
