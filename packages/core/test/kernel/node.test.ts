import {
  exit,
  isAlive,
  type KernelEvent,
  link,
  monitor,
  processes,
  processInfo,
  register,
  type Self,
  send,
  sendAfter,
  setDefaultNode,
  getDefaultNode,
  spawnOpt,
} from "@krarup/core";
import { afterEach, describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

afterEach(() => setDefaultNode(null));

describe("whyAlive", () => {
  it("names the processes for whose sake the program goes on: all but daemons", () => {
    const { node, run } = laboratory();
    const pid = run(idle);
    run(idle, { daemon: true });
    expect(node.whyAlive().map(String)).toEqual([String(pid)]);
  });
});

describe("keepAlive", () => {
  it("is asked for while a process lives, and not for a timer", () => {
    const { run, platform, node } = laboratory();
    setDefaultNode(node);
    sendAfter(1_000, "nobody", 1);
    platform.settle();
    expect(platform.isKeptAlive).toBe(false);
    const pid = run(idle);
    expect(platform.isKeptAlive).toBe(true);
    exit(pid, "x");
    platform.settle();
    expect(platform.isKeptAlive).toBe(false);
  });

  it("ends with a process that a stray error ends", () => {
    const { run, platform } = laboratory();
    const pid = run(idle);
    platform.raise({ error: new Error("from a callback"), owner: pid, origin: "uncaught_exception" });
    platform.settle();
    expect([isAlive(pid), platform.isKeptAlive]).toEqual([false, false]);
  });
});

describe("stray errors", () => {
  it("end the process that caused them, with the error as reason", () => {
    const { run, platform, ends } = laboratory();
    const pid = run(idle);
    platform.raise({ error: new RangeError("x"), owner: pid, origin: "unhandled_rejection" });
    expect(ends.get(pid)).toMatchObject({ name: "RangeError" });
  });

  it.each([
    ["of nobody", undefined],
    ["of a process that has ended", "ended"],
  ])("%s are events, and printed", (_whose, owner) => {
    const { run, platform, node } = laboratory({ reports: "stderr" });
    const dead = run(function* () {});
    const strays: KernelEvent[] = [];
    node.subscribe(["stray"], (event) => strays.push(event));
    platform.raise({
      error: new Error("boom"),
      owner: owner === undefined ? undefined : dead,
      origin: "uncaught_exception",
    });
    expect(strays).toMatchObject([{ type: "stray", error: { message: "boom" } }]);
    expect(platform.output).toContain("boom");
  });

  it("of a hostile kind are survived", () => {
    const { platform } = laboratory({ reports: "stderr" });
    const error = new Error("x");
    error.cause = error;
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const stray of [
      error,
      proxy,
      Object.defineProperty(new Error("y"), "stack", {
        get() {
          throw new Error("z");
        },
      }),
      Object.defineProperty(new Error("y"), "stack", { value: 5 }),
    ])
      platform.raise({ error: stray, owner: undefined, origin: "uncaught_exception" });
    expect(platform.output.match(/stray error of no process/g)).toHaveLength(4);
  });

  it("of another node's process are that node's business", () => {
    const [here, there] = [laboratory(), laboratory()];
    const pid = there.run(idle);
    here.platform.raise({ error: new Error("x"), owner: pid, origin: "uncaught_exception" });
    expect(isAlive(pid)).toBe(true);
  });
});

describe("halt", () => {
  it("ends every process without unwinding, and refuses new ones", () => {
    const { run, node, platform } = laboratory();
    const log: string[] = [];
    const pid = run(function* (self: Self) {
      try {
        yield* self.receive();
      } finally {
        log.push("finally");
      }
    });
    node.halt();
    platform.settle();
    expect([isAlive(pid), log, platform.isKeptAlive, codeOf(() => spawnOpt(idle, [], { node }))]).toEqual([
      false,
      [],
      false,
      "ERR_NODE_STOPPED",
    ]);
  });

  it("may be called from inside a process, which then goes no further than its next operation", () => {
    const { node, platform } = laboratory();
    const log: string[] = [];
    const pid = spawnOpt(
      function* (self: Self) {
        node.halt();
        log.push("halted");
        yield* self.receive();
        log.push("never");
      },
      [],
      { node },
    );
    platform.settle();
    send(pid, 1 as never);
    platform.settle();
    expect([isAlive(pid), log, node.processCount]).toEqual([false, ["halted"], 0]);
  });

  it("leaves no timer and no name", () => {
    const { run, node } = laboratory();
    run(function* (self: Self) {
      register("x", self);
      yield* self.sleep(1_000);
    });
    node.halt();
    expect([node.timers.size, node.names.names()]).toEqual([0, []]);
  });
});

describe("the default node", () => {
  it("is the one that was set, and made on first use otherwise", () => {
    const { node } = laboratory();
    setDefaultNode(node);
    expect(getDefaultNode()).toBe(node);
  });
});

describe("events", () => {
  it("tell of births, ends, links, names, timeouts", () => {
    const { node, platform, run } = laboratory();
    const types: string[] = [];
    node.subscribe(["spawn", "exit", "link", "unlink", "register", "unregister", "timeout"], (event) =>
      types.push(event.type),
    );
    const peer = run(idle);
    run(function* (self: Self) {
      register("x", self);
      link(peer);
      sendAfter(1, peer, 1);
    });
    platform.advance(1);
    expect(types).toEqual(["spawn", "spawn", "register", "link", "unregister", "exit", "timeout"]);
  });

  it("of messages and slices cost nothing until wanted, also for processes born before", () => {
    const { node, platform, run } = laboratory();
    const pid = run(function* (self: Self<string>) {
      for (;;) yield* self.receive();
    });
    const types: string[] = [];
    const stop = node.subscribe(["send", "receive", "slice"], (event) => types.push(event.type));
    send(pid, "x");
    platform.settle();
    stop();
    send(pid, "y");
    platform.settle();
    expect(types).toEqual(["send", "receive", "slice"]);
  });

  it("do not suffer from a listener that throws: it is removed, and its error is stray", () => {
    const { node, run } = laboratory();
    const log: string[] = [];
    node.subscribe(["stray"], () => log.push("stray"));
    node.subscribe(["spawn"], () => {
      log.push("listener");
      throw new Error("x");
    });
    run(function* () {});
    run(function* () {});
    expect(log).toEqual(["listener", "stray"]);
  });

  it("stop when the listener is taken back", () => {
    const { node, run } = laboratory();
    const log: string[] = [];
    const stop = node.subscribe(["spawn", "exit"], (event) => log.push(event.type));
    run(function* () {});
    stop();
    run(function* () {});
    expect(log).toEqual(["spawn", "exit"]);
  });
});

describe("two nodes in one program", () => {
  it("send, link and monitor across", () => {
    const [here, there] = [laboratory({ name: "here" }), laboratory({ name: "there" })];
    const log: unknown[] = [];
    const watcher = here.run(function* (self: Self<unknown>) {
      for (;;) log.push(yield* self.receive());
    });
    const pid = there.run(function* (self: Self<unknown>) {
      send(watcher, yield* self.receive());
      yield* self.receive();
    });
    here.run(function* (self: Self<{ type: "DOWN"; reason: unknown }>) {
      monitor(pid);
      log.push((yield* self.receive()).reason);
    });
    send(pid, "hello");
    there.platform.settle();
    here.platform.settle();
    exit(pid, "bye");
    here.platform.settle();
    expect(log).toEqual(["hello", "bye"]);
  });

  it("have their own processes and timers", () => {
    const [here, there] = [laboratory(), laboratory()];
    here.run(idle);
    setDefaultNode(there.node);
    expect([
      here.play(function* () {
        return processes().length;
      }),
      processes().length,
    ]).toEqual([2, 0]);
    expect(
      here.play(function* (self: Self) {
        return processInfo(self)?.status;
      }),
    ).toBe("running");
  });
});
