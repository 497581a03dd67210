import { createNode, spawnOpt } from "@krarup/core";
import { manualPlatform } from "@krarup/core/manual";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runCommand } from "../../examples/kv/commands/run-command.ts";
import { type Alarms, Database } from "../../examples/kv/database.ts";
import { List } from "../../examples/kv/list.ts";
import { encode } from "../../examples/kv/reply.ts";
import type { Command } from "../../examples/kv/request-parser.ts";
import { restore, snapshotOf } from "../../examples/kv/snapshot-text.ts";
import { STORE, Store } from "../../examples/kv/store.ts";
import { CONVERSATION } from "./kv-conversation.ts";

const SILENT: Alarms = { set: () => undefined, clear: () => undefined, clearAll: () => undefined };

describe("runCommand", () => {
  it("answers as Redis does", () => {
    const database = new Database(() => 1_000_000, SILENT);
    const answered = CONVERSATION.map(([command]) => [command, encode(runCommand(database, command))]);
    expect(answered).toEqual(CONVERSATION);
  });

  it("changes nothing when it refuses", () => {
    const database = databaseOf([
      ["SET", "text", "x"],
      ["LPUSH", "list", "x"],
    ]);
    const before = snapshotOf(database);
    const { changes } = database;
    for (const refused of [
      ["LPUSH", "text", "y"],
      ["HSET", "list", "f", "v"],
      ["INCR", "text"],
      ["EXPIRE", "text", "x"],
    ])
      expect(encode(runCommand(database, refused))).toMatch(/^-/);
    expect(snapshotOf(database)).toBe(before);
    expect(database.changes).toBe(changes);
  });
});

describe("Database", () => {
  it("has no key whose time has come, even before its alarm rings", () => {
    let now = 0;
    const database = new Database(() => now, SILENT);
    runCommand(database, ["SET", "k", "v", "PX", "10"]);
    now = 9.5;
    expect(database.get("k")).toBe("v");
    now = 10;
    expect(runCommand(database, ["DEL", "k"])).toBe(0);
    expect(database.get("k")).toBeUndefined();
  });
});

describe("List", () => {
  it("is an array that grows and shrinks at both ends", () => {
    const act = fc.oneof(
      fc.tuple(fc.constantFrom("pushLeft" as const, "pushRight" as const), fc.string({ maxLength: 2 })),
      fc.tuple(fc.constantFrom("popLeft" as const, "popRight" as const)),
      fc.tuple(fc.constant("slice" as const), fc.nat(12), fc.nat(12)),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const [list, model] = [new List(), new ArrayList()];
        expect(acts.map((each) => outcome(list, each))).toEqual(acts.map((each) => outcome(model, each)));
      }),
    );
  });
});

type Act = ["pushLeft" | "pushRight", text: string] | ["popLeft" | "popRight"] | ["slice", from: number, to: number];

type ListLike = Pick<List, keyof List>;

/** The naïve list. */
class ArrayList implements ListLike {
  readonly #texts: string[] = [];
  get length(): number {
    return this.#texts.length;
  }
  pushLeft(text: string): void {
    this.#texts.unshift(text);
  }
  pushRight(text: string): void {
    this.#texts.push(text);
  }
  popLeft(): string | undefined {
    return this.#texts.shift();
  }
  popRight(): string | undefined {
    return this.#texts.pop();
  }
  slice(from: number, to: number): string[] {
    return this.#texts.slice(from, to);
  }
}

function outcome(list: ListLike, act: Act): unknown {
  switch (act[0]) {
    case "pushLeft":
    case "pushRight":
      list[act[0]](act[1]);
      return list.length;
    case "popLeft":
    case "popRight":
      return [list[act[0]](), list.length];
    case "slice":
      return list.slice(act[1], act[2]);
  }
}

describe("snapshotOf", () => {
  const text = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)) });
  const key = fc.constantFrom("a", "b", "c", "\r\n", "\xff");
  const command = fc.oneof<fc.Arbitrary<Command>[]>(
    fc.tuple(key, text).map(([name, value]) => ["SET", name, value]),
    fc.tuple(key, fc.array(text, { minLength: 1 })).map(([name, values]) => ["RPUSH", name, ...values]),
    fc.tuple(key, text, text).map(([name, field, value]) => ["HSET", name, field, value]),
    fc.tuple(key, fc.integer({ min: 1, max: 1_000 })).map(([name, ms]) => ["PEXPIRE", name, String(ms)]),
    key.map((name) => ["DEL", name]),
  );

  it("is all of a database, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const snapshot = snapshotOf(databaseOf(commands));
        const restored = databaseOf([]);
        expect(restore(restored, Buffer.from(snapshot, "latin1"))).toBeNull();
        expect(snapshotOf(restored)).toBe(snapshot);
      }),
    );
  });

  it("splits what is long into commands that a server takes", () => {
    const database = databaseOf([["RPUSH", "list", ...Array.from({ length: 2_000 }, String)]]);
    const snapshot = snapshotOf(database);
    expect(snapshot.match(/RPUSH/g)).toHaveLength(4);
    const restored = databaseOf([]);
    restore(restored, Buffer.from(snapshot, "latin1"));
    expect(restored.list("list")?.slice(0, 3_000)).toEqual(Array.from({ length: 2_000 }, String));
  });

  it.each([
    ["*1\r\n$3\r\nSE", "it ends within a command"],
    ["*1\r\n$3\r\nSET\r\n", "-ERR wrong number of arguments for 'set' command"],
    ["*1\r\n:3\r\n", "ERR Protocol error: expected '$', got ':'"],
  ])("is refused when it is %j", (broken, why) => expect(restore(databaseOf([]), Buffer.from(broken))).toBe(why));
});

describe("the store", () => {
  it("removes a key when its time comes, without anybody asking for it", () => {
    const { platform, ask } = storeOnManualClock();
    ask(["SET", "k", "v", "EX", "10"], ["SET", "l", "w", "EX", "20"], ["SET", "stays", "x", "EX", "5"]);
    ask(["PERSIST", "stays"], ["EXPIRE", "l", "30"]);
    platform.advance(9_999);
    expect(ask(["DBSIZE"])).toBe(":3\r\n");
    platform.advance(2);
    expect(ask(["DBSIZE"])).toBe(":2\r\n");
    platform.advance(20_000);
    expect(ask(["DBSIZE"], ["GET", "stays"])).toBe(":1\r\n$1\r\nx\r\n");
  });

  it("takes no more commands of a client that has much to read first", () => {
    const { ask } = storeOnManualClock();
    const big = "x".repeat(600_000);
    ask(["SET", "big", big]);
    expect(ask(["GET", "big"], ["GET", "big"], ["GET", "big"])).toBe(`$600000\r\n${big}\r\n`.repeat(2));
  });

  it("answers a reply beyond the limit with an error", () => {
    const { ask } = storeOnManualClock();
    ask(["SET", "big", "x".repeat(10_000_000)]);
    expect(ask(["MGET", ...Array.from({ length: 20 }, () => "big")])).toBe(
      "-ERR reply exceeds the limit of this server\r\n",
    );
  });
});

function databaseOf(commands: readonly Command[]): Database {
  const database = new Database(() => 1_000_000, SILENT);
  for (const command of commands) runCommand(database, command);
  return database;
}

/** A store on a node of its own, and how to ask it. */
function storeOnManualClock(): {
  readonly platform: ReturnType<typeof manualPlatform>;
  readonly ask: (...commands: Command[]) => string;
} {
  const platform = manualPlatform();
  const node = createNode({ platform, reports: "none" });
  spawnOpt(
    function* () {
      yield* Store.start(null);
    },
    [],
    { node },
  );
  platform.settle();
  const ask = (...commands: Command[]): string => {
    let text = "";
    spawnOpt(
      function* () {
        ({ text } = yield* Store.call(STORE).run(commands));
      },
      [],
      { node },
    );
    platform.settle();
    return text;
  };
  return { platform, ask };
}
