import {
  type AnyPid,
  call,
  dictionaryKey,
  type Exit,
  exit,
  isAlive,
  isPid,
  makeRef,
  monitor,
  type Pid,
  processes,
  processInfo,
  register,
  type Request,
  type Self,
  send,
  sendAfter,
  spawn,
  waitingMessages,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

describe("processInfo", () => {
  it("says what there is to know", () => {
    const { run } = laboratory();
    const peer = run(idle);
    const pid = run(
      function* worker(self: Self<Exit | number>) {
        self.trapExit();
        self.setLabel({ shard: 1 });
        self.put(dictionaryKey<number>("tries"), 3);
        register("worker", self);
        monitor(peer);
        sendAfter(50, self, 1);
        for (const n of [1, 2]) send(self, n);
        yield* self.receive();
        yield* self.receive(makeRef());
      },
      { priority: "high" },
    );
    const info = processInfo(pid);
    expect([info?.pid === pid, info?.monitors.map(String), info?.links]).toEqual([true, [String(peer)], []]);
    expect({
      ...info,
      pid: 0,
      monitors: 0,
      links: 0,
      monitoredBy: 0,
      ancestors: 0,
      groupLeader: 0,
      reductions: 0,
      busyMs: 0,
    }).toMatchObject({
      registeredName: "worker",
      label: { shard: 1 },
      initialCall: "worker",
      status: "waiting",
      waitingFor: "ref",
      priority: "high",
      trapExit: true,
      dictionary: { tries: 3 },
      messageQueueLength: 1,
      received: 2,
      dropped: 0,
      timers: 1,
      ageMs: 0,
    });
  });

  it("is undefined for a process that has ended", () => {
    expect(processInfo(laboratory().run(function* () {}))).toBeUndefined();
  });

  it.each([
    [
      "message",
      function* (self: Self<unknown>) {
        yield* self.receive();
      },
    ],
    [
      "message",
      function* (self: Self<unknown>) {
        yield* self.receive(() => false);
      },
    ],
    [
      "ref",
      function* (self: Self<unknown>) {
        yield* self.receive(makeRef());
      },
    ],
    [
      "time",
      function* (self: Self<unknown>) {
        yield* self.sleep(10);
      },
    ],
    [
      "time",
      function* (self: Self<unknown>) {
        yield* self.await(new Promise(() => undefined));
      },
    ],
  ] as const)("a process that waits for a %s says so", (what, body) => {
    expect(processInfo(laboratory().run(body))?.waitingFor).toBe(what);
  });

  it("a process in a call names the server it waits for", () => {
    const { run } = laboratory();
    const server = run(idle) as Pid<Request<number, number>>; // it understands nothing, which is the point
    const client = run(function* () {
      yield* call(server, 1);
    });
    expect(processInfo(client)?.waitingFor === server).toBe(true);
  });

  it("names ancestors up to the first that has ended", () => {
    const { run } = laboratory();
    let grandchild: AnyPid | undefined;
    let child: AnyPid | undefined;
    const grandparent = run(function* (self: Self<never>) {
      child = spawn(function* (self: Self<never>) {
        grandchild = spawn(idle);
        yield* self.receive();
      });
      yield* self.receive();
    });
    expect(grandchild && processInfo(grandchild)?.ancestors).toEqual([child, grandparent]);
    exit(child as AnyPid, "kill"); // it was spawned above
    expect(grandchild && processInfo(grandchild)?.ancestors).toEqual([]);
  });

  it("keeps a dictionary key named __proto__ a key", () => {
    const { run } = laboratory();
    const pid = run(function* (self: Self<never>) {
      self.put(dictionaryKey<object>("__proto__"), { isAdmin: true });
      yield* self.receive();
    });
    expect(Object.keys(processInfo(pid)?.dictionary ?? {})).toEqual(["__proto__"]);
  });

  it.each([undefined, null, {}, "user"])("refuses %o", (pid) => {
    expect(codeOf(() => processInfo(pid as never))).toBe("ERR_BAD_ARGUMENT");
  });
});

describe("isAlive, isPid, processes, waitingMessages", () => {
  it("tell living processes from ended ones and pids from other things", () => {
    const { run, play } = laboratory();
    const [pid, dead] = [run(idle), run(function* () {})];
    expect([isAlive(pid), isAlive(dead)]).toEqual([true, false]);
    expect([pid, dead, makeRefIn(play), {}, null, "x"].map(isPid)).toEqual([true, true, false, false, false, false]);
    expect(
      play(function* (self: Self) {
        return processes().map(String).join() === [pid, self].map(String).join();
      }),
    ).toBe(true);
    expect(waitingMessages(dead)).toBeUndefined();
  });

  it("a pid prints as itself", () => {
    const { run } = laboratory();
    const pid = run(idle);
    expect([String(pid), JSON.stringify({ pid })]).toEqual(["<0.1.0>", '{"pid":"<0.1.0>"}']);
  });
});

function makeRefIn(play: ReturnType<typeof laboratory>["play"]): unknown {
  return play(function* () {
    return makeRef();
  });
}
