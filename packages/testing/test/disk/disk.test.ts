import { type Self, spawnOpt } from "@krarup/core";
import { appendFile, openFile, orExit, readFile, readLine, replaceFile, writeFile } from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { type Machine, simulation, type Simulation } from "../../src/index.ts";
import { brief, type Steps } from "../stage.ts";

function machineWith(seed = 1): { readonly world: Simulation; readonly machine: Machine } {
  const world = simulation({ seed });
  return { world, machine: world.machine("m") };
}

function textIn(machine: Machine, path: string): string | null {
  const content = machine.disk.contentOf(path);
  return content === null ? null : Buffer.from(content).toString();
}

/** Starts `body` on `machine`, for a crash that finds it at work. */
function begin(machine: Machine, body: (self: Self) => Steps<unknown>): void {
  spawnOpt(body, [], { node: machine.node });
}

describe("a file", () => {
  it("is read as it was written, after some time", async () => {
    const { world, machine } = machineWith();
    const answers = await world.run(machine, function* () {
      const first = yield* writeFile("notes", "one\n");
      const second = yield* appendFile("/notes", "two\n");
      return [first, second, brief(yield* readFile("notes"))];
    });
    expect(answers).toEqual(["ok", "ok", "one\ntwo\n"]);
    expect(world.nowMs).toBeGreaterThan(0);
    expect(machine.openDescriptors).toEqual([]);
  });

  it("is read line by line", async () => {
    const { world, machine } = machineWith();
    machine.disk.put("/etc/hosts", "a\nb\n");
    const lines = await world.run(machine, function* () {
      const file = yield* orExit(openFile("/etc/hosts"));
      return [yield* readLine(file), yield* readLine(file), brief(yield* readLine(file))];
    });
    expect(lines).toEqual(["a", "b", "closed"]);
    expect(machine.openDescriptors).toEqual([]);
  });

  it("larger than one piece comes whole", async () => {
    const { world, machine } = machineWith();
    const data = "x".repeat(200_000);
    const back = await world.run(machine, function* () {
      yield* orExit(writeFile("big", data));
      return brief(yield* readFile("big"));
    });
    expect(back).toBe(data);
  });

  it.each([
    ["is not there", "/none", "enoent"],
    ["is in a folder that is not there", "/no/folder", "enoent"],
    ["is a folder", "/etc", "eisdir"],
    ["is below a file", "/etc/hosts/x", "enotdir"],
    ["is broken", "/etc/bad", "eio"],
    ["is too large", "/etc/large", "efbig"],
  ])("that %s cannot be read: %s is %s", async (_what, path, code) => {
    const { world, machine } = machineWith();
    machine.disk.put("/etc/hosts", "");
    machine.disk.put("/etc/bad", "");
    machine.disk.put("/etc/large", "12345");
    machine.disk.breakPath("/etc/bad", "EIO");
    expect(brief(await world.run(machine, () => readFile(path, { bytesMax: 4 })))).toBe(code);
  });

  it.each([
    ["in a folder that is not there", "/no/folder", "enoent"],
    ["that is a folder", "/", "eisdir"],
    ["below a file", "/file/x", "enotdir"],
    ["that may not be touched", "/secret/key", "eacces"],
  ])("%s cannot be written: %s is %s", async (_what, path, code) => {
    const { world, machine } = machineWith();
    machine.disk.put("/file", "");
    machine.disk.makeFolder("/secret");
    machine.disk.breakPath("/secret", "EACCES");
    expect(brief(await world.run(machine, () => writeFile(path, "x")))).toBe(code);
  });

  it("can be used again when its path is mended", async () => {
    const { world, machine } = machineWith();
    machine.disk.breakPath("/log", "EIO");
    expect(brief(await world.run(machine, () => writeFile("/log", "x")))).toBe("eio");
    machine.disk.mend("/log");
    expect(await world.run(machine, () => writeFile("/log", "x"))).toBe("ok");
  });
});

describe("a full disk", () => {
  it("takes what fits, and a replaced file stays as it was", async () => {
    const { world, machine } = machineWith();
    machine.disk.put("/state", "old");
    machine.disk.setCapacity(5);
    const answers = await world.run(machine, function* () {
      return [brief(yield* writeFile("/log", "12345")), brief(yield* replaceFile("/state", "a new one"))];
    });
    expect(answers).toEqual(["enospc", "enospc"]);
    expect([textIn(machine, "/log"), textIn(machine, "/state"), machine.disk.paths]).toEqual([
      "12",
      "old",
      ["/log", "/state"],
    ]);
  });
});

describe("descriptors", () => {
  it("are needed for files as well", async () => {
    const { world, machine } = machineWith();
    machine.disk.put("/file", "x");
    machine.setDescriptorsMax(1);
    const answers = await world.run(machine, function* () {
      yield* orExit(openFile("/file"));
      return [brief(yield* openFile("/file")), brief(yield* readFile("/file"))];
    });
    expect(answers).toEqual(["emfile", "emfile"]);
  });
});

describe("a crash", () => {
  it("loses nothing of what replaceFile has confirmed, whatever the seed", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { world, machine } = machineWith(seed);
      await world.run(machine, () => replaceFile("/state", "confirmed"));
      machine.crash();
      expect(textIn(machine, "/state")).toBe("confirmed");
    }
  });

  it("in the middle of replaceFile leaves the old content or the new, and both occur", async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const { world, machine } = machineWith(seed);
      machine.disk.put("/state", "old");
      begin(machine, function* () {
        yield* replaceFile("/state", "new");
      });
      await world.advance(seed / 100);
      machine.crash();
      seen.add(textIn(machine, "/state") ?? "nothing");
    }
    expect([...seen].toSorted()).toEqual(["new", "old"]);
  });

  it("in the middle of writeFile can leave a part", async () => {
    const lengths = new Set<number>();
    for (let seed = 1; seed <= 40; seed++) {
      const { world, machine } = machineWith(seed);
      machine.disk.put("/state", "old");
      begin(machine, function* () {
        yield* writeFile("/state", "x".repeat(200_000));
      });
      await world.advance(seed / 80);
      machine.crash();
      lengths.add(textIn(machine, "/state")?.length ?? -1);
    }
    expect(lengths).toContain(3);
    expect([...lengths].some((length) => length > 3 && length < 200_000)).toBe(true);
  });

  it("leaves what is on the disk to the node that starts afterwards", async () => {
    const { world, machine } = machineWith();
    await world.run(machine, () => replaceFile("/state", "kept"));
    machine.crash();
    machine.restart();
    expect(brief(await world.run(machine, () => readFile("/state")))).toBe("kept");
  });
});
