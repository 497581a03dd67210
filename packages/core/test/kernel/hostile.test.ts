// What a process can do to itself, and that nobody else notices.

import {
  type AnyPid,
  call,
  exit,
  isAlive,
  type Operation,
  register,
  type Self,
  send,
  setDefaultNode,
  spawn,
  spawnOpt,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

function overflow(): number {
  return overflow() + 1;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function errorWith(property: string, descriptor: PropertyDescriptor): Error {
  return Object.defineProperty(new Error("x"), property, descriptor);
}

const throwing = {
  get(): never {
    throw new Error("gotcha");
  },
};

/** Things that can be thrown, and what must be true of the reason. */
const thrown: readonly (readonly [string, () => unknown, object | string])[] = [
  ["a number", () => 5, { code: "ERR_NOCATCH" }],
  ["undefined", () => undefined, { code: "ERR_NOCATCH" }],
  ["a symbol", () => Symbol("s"), { code: "ERR_NOCATCH" }],
  ["a function", () => () => 1, { code: "ERR_NOCATCH" }],
  ["an object without prototype", () => Object.create(null), { code: "ERR_NOCATCH" }],
  ["an object whose toString overflows", () => ({ toString: overflow }), { code: "ERR_NOCATCH" }],
  ["a revoked proxy", revoked, { code: "ERR_NOCATCH" }],
  ["a promise", () => new Promise(() => undefined), { code: "ERR_NOCATCH" }],
  [
    "an error whose message throws",
    () => errorWith("message", throwing),
    { message: "an instance of Error that cannot be read" },
  ],
  [
    "an error whose stack throws",
    () => errorWith("stack", throwing),
    { message: "an instance of Error that cannot be read" },
  ],
  [
    "an error whose cause throws",
    () => errorWith("cause", throwing),
    { message: "an instance of Error that cannot be read" },
  ],
  [
    "an error whose name overflows",
    () => errorWith("name", { get: overflow }),
    { message: "an instance of Error that cannot be read" },
  ],
  ["an error without constructor", () => errorWith("constructor", { value: undefined }), { message: "x" }],
  [
    "an error that is its own cause",
    () => {
      const error = new Error("x");
      error.cause = error;
      return error;
    },
    { message: "x" },
  ],
  ["a frozen error", () => Object.freeze(new Error("x")), { message: "x" }],
  ["an error without prototype", () => Object.setPrototypeOf(new Error("x"), null), { code: "ERR_NOCATCH" }],
  [
    "an error that holds a function",
    () => Object.assign(new Error("x"), { retry: () => 1 }),
    { message: "x", retry: "a function" },
  ],
  ["a proxy of an error", () => new Proxy(new Error("x"), {}), { message: "x" }],
  [
    "an error of ten thousand causes",
    () => {
      let error = new Error("root");
      for (let i = 0; i < 10_000; i++) error = new Error("x", { cause: error });
      return error;
    },
    { message: "x" },
  ],
];

describe("a process that throws", () => {
  it.each(thrown)("%s ends alone, with a reason that can be told", (_what, make, reason) => {
    const { run, node, ends } = laboratory({ reports: "stderr" });
    const bystander = run(idle);
    const pid = run(function* () {
      throw make();
    });
    expect(ends.get(pid)).toMatchObject(reason as object); // each row has an object
    expect([isAlive(bystander), node.processCount]).toEqual([true, 1]);
  });

  it.each(thrown)("%s within its exit reason ends alone", (_what, make) => {
    const { run, node } = laboratory({ reports: "stderr" });
    const pid = run(function* () {
      exit(["because", make()]);
    });
    expect([isAlive(pid), node.processCount]).toEqual([false, 0]);
  });

  it.each(thrown)("%s as an exit signal ends the receiver alone", (_what, make) => {
    const { run, node } = laboratory();
    const pid = run(idle);
    exit(pid, make());
    expect(node.processCount).toBe(0);
  });
});

describe("a stack overflow", () => {
  it.each([
    [
      "in a body",
      function* () {
        overflow();
      },
    ],
    [
      "in a finally",
      function* () {
        try {
          yield* [];
          throw new Error("first");
        } finally {
          overflow();
        }
      },
    ],
    [
      "in bodies that call themselves",
      function* deep(): Generator<never, number, void> {
        return (yield* deep()) + 1;
      },
    ],
  ])("%s ends its process only, a hundred times", (_where, body) => {
    const { node, platform, run, ends } = laboratory();
    const bystander = run(idle);
    const pids = Array.from({ length: 100 }, () => spawnOpt(body, [], { node }));
    platform.settle();
    expect(pids.filter((pid) => ends.get(pid) instanceof RangeError)).toHaveLength(100);
    expect(isAlive(bystander)).toBe(true);
  });

  it("in a guard does not match", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    const pid = run(function* (self: Self<string>) {
      log.push(yield* self.receive((text) => text === "good" || overflow() > 0));
    });
    send(pid, "bad");
    send(pid, "good");
    platform.settle();
    expect(log).toEqual(["good"]);
  });
});

describe("a process that cannot let go", () => {
  it("catches everything, and ends all the same when it is killed", () => {
    const { run, platform } = laboratory();
    let rounds = 0;
    const pid = run(function* (self: Self<string>) {
      for (;;) {
        try {
          rounds++;
          yield* self.receive();
          throw new Error("x");
        } catch {
          // That is the point.
        } finally {
          yield* self.yield();
        }
      }
    });
    send(pid, "go");
    platform.settle();
    const before = rounds;
    exit(pid, "kill");
    platform.settle();
    expect([isAlive(pid), rounds]).toEqual([false, before]);
  });

  it("waits in finally, which counts as long as it lives", () => {
    const { run, platform, ends } = laboratory();
    const pid = run(function* (self: Self<string>) {
      try {
        throw new Error("x");
      } finally {
        yield* self.receive();
      }
    });
    expect(isAlive(pid)).toBe(true);
    send(pid, "go on");
    platform.settle();
    expect(ends.get(pid)).toMatchObject({ message: "x" });
  });
});

describe("a body that yields what is no operation", () => {
  it.each([undefined, 5, { done: false }, Promise.resolve()])("%o ends with ERR_FOREIGN_YIELD", (value) => {
    const { run, ends } = laboratory();
    const pid = run(function* () {
      yield value as never;
    });
    expect(ends.get(pid)).toMatchObject({ code: "ERR_FOREIGN_YIELD" });
  });

  it("an iterator that is no generator is judged by what it yields", () => {
    const { run, ends } = laboratory();
    expect(ends.get(run(() => [1, 2].values() as never))).toMatchObject({ code: "ERR_FOREIGN_YIELD" });
    expect(ends.get(run(() => [].values() as never))).toBe("normal");
  });
});

describe("operations out of place", () => {
  it("outside any process are refused one by one", () => {
    const operations = laboratory().play(function* (self: Self<never>) {
      return [
        self.receive(),
        self.receive(() => true),
        self.sleep(1),
        self.yield(),
        self.await(Promise.resolve()),
        self.signal("x"),
      ];
    });
    expect(operations.map((operation) => codeOf(() => operation[Symbol.iterator]().next()))).toEqual(
      Array.from({ length: 6 }, () => "ERR_NOT_IN_PROCESS"),
    );
  });

  it("used in another process act for that one", () => {
    const { run, platform } = laboratory();
    const log: unknown[] = [];
    let borrowed: ReturnType<Self<string>["receive"]> | null = null;
    run(function* (self: Self<string>) {
      borrowed = self.receive();
      yield* self.sleep(1_000);
    });
    const pid = run(function* (_self: Self<string>) {
      if (borrowed !== null) log.push(yield* borrowed);
    });
    send(pid, "mine");
    platform.settle();
    expect(log).toEqual(["mine"]);
  });
});

/** Operations that remember something while somebody waits, each with what lets the wait end. */
const remembering = [
  ["a selective receive", (self: Self<string>) => self.receive((text) => text === "go")],
  ["a receive with a limit", (self: Self<string>) => self.receive().after(100)],
  ["a sleep", (self: Self<string>) => self.sleep(100)],
  ["a promise", (self: Self<string>) => self.await(new Promise(() => undefined))],
  ["a call", () => call<number, number>("server", 1)],
] as const;

describe.each(remembering)("%s that two processes share", (_what, make) => {
  /** Two processes that wait for one operation, the second as soon as the first waits. */
  function share() {
    const lab = laboratory();
    setDefaultNode(lab.node);
    const server = lab.run(idle);
    register("server", server);
    let shared: Operation<unknown> | null = null;
    const user = function* (self: Self<string>) {
      shared ??= make(self);
      yield* shared;
    };
    const first = lab.run(user);
    return { ...lab, first, user };
  }

  it("is refused to the second while the first waits", () => {
    const { run, ends, first, user } = share();
    expect(String(ends.get(run(user)))).toContain(`Cannot wait as ${String(first)} waits for the same operation`);
    expect(isAlive(first)).toBe(true);
    setDefaultNode(null);
  });

  it("is the second's when the first has ended", () => {
    const { run, ends, first, user } = share();
    send(first, "not what it waits for");
    exit(first, "kill");
    const second = run(user);
    expect([ends.has(second), isAlive(second)]).toEqual([false, true]);
    setDefaultNode(null);
  });
});

describe("floods", () => {
  it("a spawn storm ends at the limit, and the node goes on", () => {
    const { run, node, platform, ends } = laboratory({ processesMax: 1_000 });
    const bomb = run(function* () {
      for (;;) spawn(idle);
    });
    expect(ends.get(bomb)).toMatchObject({ code: "ERR_SYSTEM_LIMIT" });
    expect(node.processCount).toBe(999);
    for (const pid of node.whyAlive()) exit(pid, "kill");
    platform.settle();
    expect(node.processCount).toBe(0);
  });

  it("a million messages wait, are counted and taken in order", () => {
    const { run, platform } = laboratory();
    let [count, inOrder] = [0, true];
    const pid = run(function* (self: Self<number | "go">) {
      yield* self.receive("go");
      for (let i = 0; i < 1_000_000; i++) {
        inOrder &&= (yield* self.receive()) === i;
        count++;
      }
    });
    for (let i = 0; i < 1_000_000; i++) send(pid, i);
    send(pid, "go");
    platform.settle();
    expect([count, inOrder]).toEqual([1_000_000, true]);
  });
});

describe("whoever is nobody", () => {
  it.each([0, "", "name", true, 10n, Symbol("s"), {}, [], () => 1] as const)(
    "a target that is no pid is refused",
    (target) => {
      const pid = target as unknown as AnyPid; // a caller without types can pass anything
      expect([codeOf(() => isAlive(pid)), codeOf(() => exit(pid, "x"))]).toEqual([
        "ERR_BAD_ARGUMENT",
        "ERR_BAD_ARGUMENT",
      ]);
    },
  );
});
