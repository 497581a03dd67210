import { execFileSync } from "node:child_process";
import { globSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Packed, stagePackages, type Staging, writeInto } from "./staging.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const ATTW = join(ROOT, "node_modules/@arethetypeswrong/cli/dist/index.js");
const NAMES = ["@krarup/core", "@krarup/supervisor", "@krarup/ports", "@krarup/observer", "@krarup/testing", "krarup"];
const SLOW_MS = 60_000;

let staging: Staging;
beforeAll(() => {
  staging = stagePackages();
}, SLOW_MS);
afterAll(() => rmSync(dirname(staging.app), { recursive: true }));

it("every package is published", () => {
  expect(staging.packages.map(({ name }) => name).toSorted()).toEqual(NAMES.toSorted());
});

describe.each(NAMES)("%s", (name) => {
  it("contains its sources, what they compile to, and nothing else", () => {
    const { files, home } = packed(name);
    expect(files.filter((file) => file !== "README.md")).toEqual(expectedFiles(home));
  });

  it("is under the licence of the repository", () => {
    const [ours, root] = [`packages/${packed(name).home}/LICENSE`, "LICENSE"].map(readRepositoryFile);
    expect(ours).toBe(root);
  });

  it("has no fault that publint knows", async () => {
    const tarball = readTarball(packed(name));
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });
});

describe.each(NAMES.filter((name) => name !== "krarup"))("the types of %s", (name) => {
  it(
    "resolve however a program resolves them",
    () => {
      run(process.execPath, [
        ATTW,
        packed(name).tarball,
        "--profile",
        "esm-only",
        "--no-definitely-typed",
        "--no-color",
        "--no-emoji",
      ]);
    },
    SLOW_MS,
  );
});

describe("a program", () => {
  it.each([
    ["nodenext", ["@krarup/core", "@krarup/supervisor"], ""],
    ["bundler", ["@krarup/core", "@krarup/supervisor"], ""],
    ["nodenext", NAMES, "node"],
    ["bundler", NAMES, "node"],
  ])("compiles with %s resolution against %j and the ambient types '%s'", (resolution, names, types) => {
    const imports = entryPoints(names).map((entry, i) => `import * as entry${i} from "${entry}";\nvoid entry${i};\n`);
    writeInto(staging.app, "compiles.mts", imports.join(""));
    const module = resolution === "bundler" ? "esnext" : resolution;
    const options = [
      "--noEmit",
      "--strict",
      "--target",
      "es2023",
      "--module",
      module,
      "--moduleResolution",
      resolution,
    ];
    run(process.execPath, [TSC, ...options, "--ignoreConfig", "--types", types, "compiles.mts"]);
  });

  it("imports and requires every entry point", () => {
    const imports = entryPoints(NAMES).map((entry) => `import "${entry}";\n`);
    writeInto(staging.app, "imports.mjs", imports.join(""));
    run(process.execPath, ["imports.mjs"]);
    const requires = entryPoints(NAMES).map((entry) => `require("${entry}");\n`);
    writeInto(staging.app, "requires.cjs", requires.join(""));
    run(process.execPath, ["requires.cjs"]);
  });

  it("runs the command", () => {
    const version = run(process.execPath, ["node_modules/krarup/bin/krarup.mjs", "--version"]);
    expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

/** Every module that the packages offer, as a program names it. */
function entryPoints(names: readonly string[]): string[] {
  return names.map(packed).flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports)
      .filter((path) => path !== "./package.json")
      .map((path) => name + path.slice(1)),
  );
}

function expectedFiles(home: string): string[] {
  const cwd = join(ROOT, "packages", home);
  const sources = globSync("src/**/*.ts", { cwd });
  const compiled = sources.flatMap((source) => {
    const stem = source.replace(/^src/, "dist").replace(/\.ts$/, "");
    return [".js", ".js.map", ".d.ts", ".d.ts.map"].map((extension) => stem + extension);
  });
  return ["LICENSE", "package.json", ...globSync("bin/*", { cwd }), ...sources, ...compiled].sort();
}

function packed(name: string): Packed {
  const found = staging.packages.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

function readTarball({ tarball }: Packed): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

function readRepositoryFile(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Runs a program in the folder of the app; a failure shows all that it printed. */
function run(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { cwd: staging.app, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    // What execFileSync throws when the program fails.
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    throw new Error(`${args.join(" ")}\n${stdout}${stderr}`, { cause: status });
  }
}
