import {
  type AnyPid,
  type Down,
  type Exit,
  isAlive,
  type Pid,
  processInfo,
  type Self,
  send,
  spawn,
  spawnLink,
  spawnMonitor,
  spawnOpt,
  type SpawnOptions,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

function* nothing() {}

describe("spawn", () => {
  it("returns before the body runs", () => {
    const { node, platform } = laboratory();
    const log: string[] = [];
    spawnOpt(
      function* () {
        log.push("body");
      },
      [],
      { node },
    );
    log.push("spawned");
    platform.settle();
    expect(log).toEqual(["spawned", "body"]);
  });

  it("passes isolated arguments after self", () => {
    const { node, platform } = laboratory();
    const argument = { n: 1 };
    const seen: unknown[] = [];
    const pid = spawnOpt(
      function* (self: Self, a: { n: number }, b: string) {
        seen.push(self, a, b);
        a.n = 2;
      },
      [argument, "b"],
      { node },
    );
    argument.n = 9;
    platform.settle();
    expect(seen).toEqual([pid, { n: 2 }, "b"]);
    expect(argument).toEqual({ n: 9 });
  });

  it("refuses arguments that are no plain data, and leaves nothing behind", () => {
    const { node } = laboratory();
    expect(codeOf(() => spawnOpt(nothing, [() => 1] as never, { node }))).toBe("ERR_NOT_SENDABLE");
    expect(node.processCount).toBe(0);
  });

  it("ends with normal when the body returns", () => {
    const { run, ends } = laboratory();
    expect(ends.get(run(nothing))).toBe("normal");
  });

  it("ends with the error that leaves the body", () => {
    const { run, ends } = laboratory();
    expect(
      ends.get(
        run(function* () {
          throw new RangeError("x");
        }),
      ),
    ).toMatchObject({ name: "RangeError", message: "x" });
  });

  it("lets messages sent at once be there when the body first receives", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<string>) {
        const child = spawn(function* (me: Self<Pid<string>>) {
          send(yield* me.receive(), "got it");
        });
        send(child, self);
        return yield* self.receive();
      }),
    ).toBe("got it");
  });

  it("uses a freed slot again under another pid", () => {
    const { run } = laboratory();
    const [first, second] = [run(nothing), run(nothing)];
    expect([String(first), String(second), first === second]).toEqual(["<0.1.0>", "<0.1.1>", false]);
  });

  it.each([undefined, null, 5, "body", {}])("refuses %o as a body", (body) => {
    const { node } = laboratory();
    expect(codeOf(() => spawnOpt(body as never, [], { node }))).toBe("ERR_BAD_ARGUMENT");
    expect(node.processCount).toBe(0);
  });

  it("refuses one process too many", () => {
    const { node, run, platform } = laboratory({ processesMax: 3 });
    const pids = [run(idle), run(idle), run(idle)];
    expect(codeOf(() => run(idle))).toBe("ERR_SYSTEM_LIMIT");
    pids.forEach((pid) => send(pid, "go on"));
    platform.settle();
    expect(node.processCount).toBe(3);
  });

  it("runs a plain function as a process that ends when it returns", () => {
    const { node, platform, ends } = laboratory();
    const log: unknown[] = [];
    const pid = spawnOpt((self: Self) => void log.push(self), [], { node });
    expect(log).toEqual([]);
    platform.settle();
    expect([log, ends.get(pid)]).toEqual([[pid], "normal"]);
  });

  it("runs a plain function that returns a generator as that generator", () => {
    const { play } = laboratory();
    expect(
      play((self: Self<string>) =>
        (function* () {
          send(self, "x");
          return yield* self.receive();
        })(),
      ),
    ).toBe("x");
  });

  it("gives an error in taking parameters apart to the new process, not to its parent", () => {
    const { node, platform, ends } = laboratory();
    const pid = spawnOpt(
      function* (_self: Self, { name }: { name: string }) {
        yield* [];
        return name;
      },
      [undefined] as never,
      { node },
    );
    platform.settle();
    expect(ends.get(pid)).toBeInstanceOf(TypeError);
    expect(node.processCount).toBe(0);
  });
});

describe("spawnLink", () => {
  it("links from birth: a child that ends at once still sends its reason", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<Exit>) {
        self.trapExit();
        const child = spawnLink(function* () {
          throw new Error("at once");
        });
        const exit = yield* self.receive();
        return [exit.pid === child, exit.reason];
      }),
    ).toEqual([true, expect.objectContaining({ message: "at once" })]);
  });

  it("takes the parent along when the child crashes", () => {
    const { run, ends } = laboratory();
    const parent = run(function* (self: Self) {
      spawnLink(function* () {
        throw new Error("boom");
      });
      yield* self.receive();
    });
    expect(ends.get(parent)).toMatchObject({ message: "boom" });
  });

  it("needs a process", () => {
    expect(codeOf(() => spawnLink(nothing))).toBe("ERR_NOT_IN_PROCESS");
  });
});

describe("spawnMonitor", () => {
  it("returns the pid and the ref that the Down carries", () => {
    const { play } = laboratory();
    expect(
      play(function* (self: Self<Down>) {
        const [child, ref] = spawnMonitor(function* () {});
        const down = yield* self.receive();
        return [down.pid === child, down.ref === ref, down.type, down.reason];
      }),
    ).toEqual([true, true, "DOWN", "normal"]);
  });

  it("needs a process", () => {
    expect(codeOf(() => spawnMonitor(nothing))).toBe("ERR_NOT_IN_PROCESS");
  });
});

describe("spawnOpt", () => {
  it.each([
    ["priority", { priority: "urgent" }],
    ["mailbox.max of 0", { mailbox: { max: 0 } }],
    ["mailbox.max of 1.5", { mailbox: { max: 1.5 } }],
    ["mailbox.max of NaN", { mailbox: { max: Number.NaN } }],
    ["mailbox.whenFull", { mailbox: { max: 1, whenFull: "panic" } }],
    ["groupLeader", { groupLeader: "user" }],
  ])("refuses a bad %s, and leaves nothing behind", (_what, options) => {
    const { node } = laboratory();
    // A caller without types can pass anything.
    expect(codeOf(() => spawnOpt(nothing, [], { ...(options as SpawnOptions), node }))).toBe("ERR_BAD_ARGUMENT");
    expect(node.processCount).toBe(0);
  });

  it("refuses a label that cannot be sent, and leaves nothing behind", () => {
    const { node } = laboratory();
    expect(codeOf(() => spawnOpt(nothing, [], { label: () => 1, node }))).toBe("ERR_NOT_SENDABLE");
    expect(node.processCount).toBe(0);
  });

  it("shows label, priority and parent in processInfo", () => {
    const { run } = laboratory();
    const children: AnyPid[] = [];
    const parent = run(function* (self: Self) {
      children.push(spawnOpt(idle, [], { label: { shard: 3 }, priority: "low", link: true }));
      yield* self.receive();
    });
    const [child] = children;
    const info = child && processInfo(child);
    expect([info?.label, info?.priority, info?.initialCall]).toEqual([{ shard: 3 }, "low", "idle"]);
    expect([info?.parent === parent, info?.links.map(String)]).toEqual([true, [String(parent)]]);
  });

  it("links only where there is a process to link to", () => {
    const { node } = laboratory();
    expect(codeOf(() => spawnOpt(nothing, [], { node, link: true }))).toBe("ERR_NOT_IN_PROCESS");
  });

  it("puts a process on another node", () => {
    const [here, there] = [laboratory(), laboratory()];
    const pid = here.play(function* () {
      return spawnOpt(idle, [], { node: there.node });
    });
    expect([here.node.processCount, there.node.processCount, isAlive(pid)]).toEqual([0, 1, true]);
  });
});
