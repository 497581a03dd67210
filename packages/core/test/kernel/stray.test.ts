// Errors that come to light on the event loop, in real programs: who caused them, and that the others go on.

import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** Runs a fixture to its end. @returns what it printed */
function run(fixture: string, ...args: readonly string[]): Promise<readonly string[]> {
  const path = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["--conditions=@krarup/source", path, ...args], { timeout: 20_000 }, (error, stdout) => {
      if (error === null) resolve(stdout.trim().split("\n"));
      else reject(error);
    });
  });
}

const ways = ["a timer", "an immediate", "a tick", "a rejection", "an async function", "an emitter nobody listens to"];

// Node ends the scope of a microtask before it reports the error: nobody can be named. Declared gap.
const gap = "stray of nobody: boom from a microtask";

describe.concurrent("an error on the event loop", { timeout: 30_000 }, () => {
  it("ends the process that caused it, and nobody else", async () => {
    const expected = [
      ...ways.map((way) => `end of ${way}: boom from ${way}`),
      gap,
      "end of a microtask: normal",
      "the others go on",
    ];
    expect((await run("stray.ts")).toSorted()).toEqual(expected.toSorted());
  });

  it("of a process that has ended is stray, and the program goes on", async () => {
    const expected = [...ways, "a microtask"]
      .map((way) => `end of ${way}: normal`)
      .concat(
        ways.map((way) => `stray of ${way}: boom from ${way}`),
        gap,
        "the others go on",
      );
    expect((await run("stray.ts", "dead")).toSorted()).toEqual(expected.toSorted());
  });
});

describe.concurrent("a program", { timeout: 30_000 }, () => {
  it("ends when its last process has ended, and not before", async () => {
    expect(await run("life.ts")).toEqual(["started", "50 ms later", "after the timers"]);
  });
});
