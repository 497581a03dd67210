import {
  appendFile,
  delDirR,
  deleteFile,
  isPortError,
  makeDir,
  orExit,
  type Port,
  read,
  renameFile,
  watchDirectory,
  writeFile,
} from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { simulation } from "../../src/index.ts";
import { brief, type Steps } from "../stage.ts";

/** What a watcher tells until it has been silent for a second. */
function* told(watcher: Port<{ readonly kind: string; readonly path: string }>): Steps<string[]> {
  const lines: string[] = [];
  for (;;) {
    const change = yield* read(watcher, { timeoutMs: 1_000 });
    if (isPortError(change)) return change.code === "timeout" ? lines : [...lines, change.code];
    lines.push(`${change.kind} ${change.path}`);
  }
}

describe("a watched directory", () => {
  it("tells what changes in it, and with `recursive` below it", async () => {
    const world = simulation();
    const machine = world.machine("m");
    machine.disk.put("/etc/old", "x");
    const lines = await world.run(machine, function* () {
      const flat = yield* orExit(watchDirectory("/etc"));
      const deep = yield* orExit(watchDirectory("/etc", { recursive: true }));
      yield* writeFile("/etc/new", "x");
      yield* appendFile("/etc/old", "y");
      yield* makeDir("/etc/d");
      yield* writeFile("/etc/d/inside", "x");
      yield* renameFile("/etc/old", "/etc/older");
      yield* deleteFile("/etc/new");
      yield* writeFile("/elsewhere", "x");
      return [yield* told(flat), yield* told(deep)];
    });
    const flat = [
      "renamed /etc/new",
      "changed /etc/new",
      "changed /etc/old",
      "renamed /etc/d",
      "renamed /etc/old",
      "renamed /etc/older",
    ];
    expect(lines[0]).toEqual(flat);
    expect(lines[1]).toEqual([...flat.slice(0, 4), "renamed /etc/d/inside", "changed /etc/d/inside", ...flat.slice(4)]);
  });

  it("says that there is too much to tell, and that it has gone", async () => {
    const world = simulation();
    const machine = world.machine("m");
    machine.disk.makeFolder("/d");
    const lines = await world.run(machine, function* () {
      const watcher = yield* orExit(watchDirectory("/d", { queueLengthMax: 3 }));
      for (const name of ["a", "b", "c", "d"]) yield* writeFile(`/d/${name}`, "x");
      const first = yield* told(watcher);
      yield* delDirR("/d");
      return [first, (yield* told(watcher)).at(-1), brief(yield* watchDirectory("/d"))];
    });
    expect(lines).toEqual([["overflow /d"], "enoent", "enoent"]);
  });
});
