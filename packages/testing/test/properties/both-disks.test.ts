// A program cannot tell the simulated disk from a real one, as long as nothing goes wrong with either.

import { createNode, type Self, spawnOpt } from "@krarup/core";
import { nodePlatform } from "@krarup/core/node";
import {
  appendFile,
  closeFile,
  copyFile,
  delDir,
  delDirR,
  deleteFile,
  isPortError,
  listDir,
  makeDir,
  openDiskFile,
  pread,
  pwrite,
  readFile,
  readFileInfo,
  renameFile,
  replaceFile,
  truncate,
  writeFile,
} from "@krarup/ports";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { simulation } from "../../src/index.ts";
import { brief, type Steps } from "../stage.ts";

const RUNS = Number(process.env["KRARUP_RUNS"] ?? 1) * 60;

const KINDS = [
  "write",
  "append",
  "replace",
  "read",
  "info",
  "list",
  "make_dir",
  "del_dir",
  "del_dir_r",
  "delete",
  "rename",
  "copy",
  "patch",
  "shorten",
] as const;

interface Step {
  readonly do: (typeof KINDS)[number];
  readonly path: string;
  readonly other: string;
  readonly text: string;
}

const paths = fc.constantFrom("a", "b", "d", "d/a", "d/b", "d/e", "d/e/a");

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ do: fc.constantFrom(...KINDS), path: paths, other: paths, text: fc.stringMatching(/^[xyz]{0,6}$/) }),
  { minLength: 1, maxLength: 30 },
);

it("a program sees on the simulated disk what it sees on a real one", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const world = simulation();
      const machine = world.machine("m");
      machine.disk.makeFolder("/home");
      const simulated = await world.run(machine, () => perform("/home", script));
      expect(simulated).toEqual(await inReality(script));
      expect(machine.openDescriptors).toEqual([]);
    }),
    { numRuns: RUNS },
  );
}, 60_000);

function* perform(home: string, script: readonly Step[]): Steps<unknown[]> {
  const answers: unknown[] = [];
  for (const step of script) answers.push([step.do, step.path, brief(yield* act(home, step))]);
  return answers;
}

function* act(home: string, { do: kind, path: name, other: otherName, text }: Step): Steps<unknown> {
  const [path, other] = [join(home, name), join(home, otherName)];
  switch (kind) {
    case "write":
      return yield* writeFile(path, text);
    case "append":
      return yield* appendFile(path, text);
    case "replace":
      return yield* replaceFile(path, text);
    case "read":
      return yield* readFile(path);
    case "info":
      return yield* seen(path);
    case "list":
      return yield* listed(path);
    case "make_dir":
      return yield* makeDir(path);
    case "del_dir":
      return yield* delDir(path);
    case "del_dir_r":
      return yield* delDirR(path);
    case "delete":
      return yield* deleteFile(path);
    case "rename":
      return yield* renameFile(path, other);
    case "copy":
      return path === other ? "ok" : yield* copyFile(path, other);
    case "patch":
      return yield* patched(path, text);
    case "shorten":
      return yield* shortened(path, text.length);
  }
}

function* seen(path: string): Steps<unknown> {
  const info = yield* readFileInfo(path);
  return isPortError(info) ? info : [info.type, info.type === "regular" ? info.size : null];
}

function* listed(path: string): Steps<unknown> {
  const names = yield* listDir(path);
  return isPortError(names) ? names : names.toSorted();
}

function* patched(path: string, text: string): Steps<unknown> {
  const file = yield* openDiskFile(path, "create");
  if (isPortError(file)) return file;
  const written = yield* pwrite(file, 3, text);
  const back = yield* pread(file, 1, 4);
  yield* closeFile(file);
  return [brief(written), brief(back)];
}

function* shortened(path: string, length: number): Steps<unknown> {
  const file = yield* openDiskFile(path, "update");
  if (isPortError(file)) return file;
  const answer = yield* truncate(file, length);
  yield* closeFile(file);
  return answer;
}

async function inReality(script: readonly Step[]): Promise<unknown[]> {
  const home = mkdtempSync(join(tmpdir(), "krarup-disk-"));
  const node = createNode({ platform: nodePlatform(), reports: "none" });
  try {
    return await new Promise((resolve, reject) => {
      const body = function* (_self: Self<unknown>): Steps<void> {
        try {
          resolve(yield* perform(home, script));
        } catch (error) {
          reject(error);
        }
      };
      spawnOpt(body, [], { node });
    });
  } finally {
    node.halt();
    rmSync(home, { recursive: true });
  }
}
