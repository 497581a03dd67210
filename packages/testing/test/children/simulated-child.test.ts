import { type Self, TIMEOUT } from "@krarup/core";
import {
  close,
  closeWrite,
  isPortError,
  orExit,
  type Port,
  readFile,
  readLine,
  spawnExecutable,
  write,
} from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { type ChildContext, type Machine, simulation, type Simulation } from "../../src/index.ts";
import { brief, idle, type Steps } from "../stage.ts";

function setUp(): { readonly world: Simulation; readonly machine: Machine } {
  const world = simulation();
  return { world, machine: world.machine("m") };
}

/** Adds what stands on each line, as `bc` would. */
function* adder(_self: unknown, { stdio }: ChildContext): Steps<number> {
  for (let line = yield* readLine(stdio); !isPortError(line); line = yield* readLine(stdio)) {
    if (line === "quit") return 3;
    const sum = line.split("+").reduce((total, part) => total + Number(part), 0);
    yield* write(stdio, `${sum}\n`);
  }
  return 0;
}

/** The status of a child, once it is told. */
function* statusOf(self: Self<unknown>): Steps<unknown> {
  const message = yield* self.receive().after(60_000);
  return message === TIMEOUT ? "timeout" : (message as { readonly status?: number }).status;
}

describe("a simulated child", () => {
  it("reads and writes, and says how it ended", async () => {
    const { world, machine } = setUp();
    machine.install("add", adder);
    const answers = await world.run(machine, function* (self) {
      const child = yield* orExit(spawnExecutable("add", { exitStatus: true }));
      yield* write(child, "20 + 22\n1+1\nquit\n");
      return [yield* readLine(child), yield* readLine(child), yield* statusOf(self), brief(yield* readLine(child))];
    });
    expect(answers).toEqual(["42", "2", 3, "closed"]);
    expect(machine.openDescriptors).toEqual([]);
  });

  it("sees the end of its input", async () => {
    const { world, machine } = setUp();
    machine.install("add", adder);
    const status = await world.run(machine, function* (self) {
      const child = yield* orExit(spawnExecutable("add", { exitStatus: true }));
      yield* closeWrite(child);
      return yield* statusOf(self);
    });
    expect(status).toBe(0);
  });

  it("hands over everything that it has written before it ended", async () => {
    const { world, machine } = setUp();
    machine.install("yes", function* (_self, { stdio, args }) {
      for (let i = 0; i < 5_000; i++) yield* write(stdio, `${args.join(" ")} and more of the same for quite a while\n`);
    });
    const lines = await world.run(machine, function* (self) {
      const child = yield* orExit(spawnExecutable("yes", { args: ["y", "es"] }));
      yield* self.sleep(1_000);
      let count = 0;
      for (let line = yield* readLine(child); !isPortError(line); line = yield* readLine(child)) count++;
      return count;
    });
    expect(lines).toBe(5_000);
  });

  it.each([
    ["fails", 1],
    ["is not there", "enoent"],
  ])("that %s is known by %s", async (what, expected) => {
    const { world, machine } = setUp();
    machine.install("fails", function* (self) {
      yield* self.sleep(10);
      throw new Error("out of order");
    });
    const answer = await world.run(machine, function* (self) {
      const child = yield* spawnExecutable(what, { exitStatus: true });
      return isPortError(child) ? child.code : yield* statusOf(self);
    });
    expect(answer).toBe(expected);
  });

  it("ends with its port: by SIGTERM at once, or if it ignores that, by SIGKILL later", async () => {
    const { world, machine } = setUp();
    machine.install("polite", idle);
    machine.install("stubborn", idle, { ignoresSigterm: true });
    await world.run(machine, function* () {
      for (const name of ["polite", "stubborn"]) yield* close(yield* orExit(spawnExecutable(name)));
    });
    await world.advance(999);
    expect(world.transcript).toContain("child polite exits with 143");
    expect(world.transcript).not.toContain("child stubborn exits");
    await world.advance(1);
    expect(world.transcript).toContain("child stubborn exits with 137");
  });

  it("has the disk of its machine", async () => {
    const { world, machine } = setUp();
    machine.disk.put("/etc/motd", "hello\n");
    machine.install("cat", function* (_self, { args, stdio }) {
      for (const path of args) yield* write(stdio, yield* orExit(readFile(path)));
    });
    const line = await world.run(machine, function* () {
      const child: Port = yield* orExit(spawnExecutable("cat", { args: ["/etc/motd"] }));
      return yield* readLine(child);
    });
    expect(line).toBe("hello");
  });

  it("is gone when the power fails", async () => {
    const { world, machine } = setUp();
    machine.install("tick", function* (self, { stdio }) {
      for (;;) {
        yield* self.sleep(10);
        yield* write(stdio, "tick\n");
      }
    });
    await world
      .run(machine, function* (self) {
        yield* orExit(spawnExecutable("tick"));
        yield* self.sleep(50);
        machine.crash();
      })
      .catch(() => undefined);
    await world.advance(1_000);
    expect(world.transcript.trimEnd().endsWith("m: crash")).toBe(true);
  });
});
