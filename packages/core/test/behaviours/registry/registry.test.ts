import {
  type AnyPid,
  call,
  cast,
  type Exit,
  exit,
  genServer,
  isAlive,
  processInfo,
  register,
  Registry,
  type RegistryName,
  type RegistryPid,
  type Self,
  self,
  send,
  spawn,
  StartError,
  stop,
  Task,
  waitingMessages,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../../laboratory.ts";
import { later, live, type Steps } from "../task/task-owner.ts";

type Names = RegistryPid<unknown, unknown>;

/** A process that registers, and lives. */
function* holder(
  registry: RegistryName<unknown, unknown>,
  ...entries: readonly (readonly [unknown, unknown])[]
): Steps<AnyPid> {
  const pid = spawn(function* (me: Self<unknown>) {
    for (const [key, value] of entries) Registry.register(registry, key, value);
    yield* idle(me);
  });
  yield* self().sleep(1);
  return pid;
}

function* unique<V = unknown>(): Steps<RegistryPid<unknown, V>> {
  return yield* Registry.start<unknown, V>({ keys: "unique" });
}

function* duplicate<V = unknown>(): Steps<RegistryPid<unknown, V>> {
  return yield* Registry.start<unknown, V>({ keys: "duplicate" });
}

describe("a registry with unique keys", () => {
  it("lets one process hold a key, and tells the others who", () => {
    const seen = live(function* (me) {
      const registry = yield* unique();
      const first = Registry.register(registry, "k", 1);
      const again = Registry.register(registry, "k", 2);
      const other = yield* Task.await(Task.async((to: Names) => Registry.register(to, "k", 3), registry));
      return [first, again, other, Registry.lookup(registry, "k"), Registry.lookup(registry, "none")].map((part) => {
        return JSON.stringify(part).replaceAll(String(me), "me");
      });
    });
    const taken = '{"type":"already_registered","pid":"me"}';
    expect(seen).toEqual(['{"type":"ok"}', taken, taken, '[{"pid":"me","value":1}]', "[]"]);
  });

  it("compares keys by value", () => {
    const seen = live(function* (me) {
      const registry = yield* unique();
      for (const key of [["room", 1], { a: 1, b: [2] }, 1, "1", me]) Registry.register(registry, key, null);
      const equal = [["room", 1], { b: [2], a: 1 }, 1, "1", me].map((key) => Registry.lookup(registry, key).length);
      const other = [["room", "1"], ["room"], { a: 1 }, true].map((key) => Registry.lookup(registry, key).length);
      return [equal, other, Registry.count(registry), Registry.keys(registry, me).length];
    });
    expect(seen).toEqual([[1, 1, 1, 1, 1], [0, 0, 0, 0], 5, 5]);
  });

  it("shares nothing with whoever writes or reads", () => {
    const seen = live(function* (me) {
      const registry = yield* unique<number[]>();
      const given = [1];
      Registry.register(registry, ["k"], given);
      given.push(2);
      Registry.lookup(registry, ["k"])[0]?.value.push(3);
      Registry.values(registry, ["k"], me)[0]?.push(4);
      return Registry.lookup(registry, ["k"])[0]?.value;
    });
    expect(seen).toEqual([1]);
  });

  it("lets the holder change its value, and nobody else", () => {
    const seen = live(function* () {
      const registry = yield* unique<string[]>();
      Registry.register(registry, "k", ["v1"]);
      const other = Task.async(
        (to: RegistryPid<unknown, string[]>) => Registry.updateValue(to, "k", () => ["theirs"]),
        registry,
      );
      return [
        Registry.updateValue(registry, "k", (value) => [...value, "new"]),
        yield* Task.await(other),
        Registry.lookup(registry, "k")[0]?.value,
      ];
    });
    expect(seen).toEqual([
      { type: "ok", value: ["v1", "new"], previous: ["v1"] },
      { type: "not_registered" },
      ["v1", "new"],
    ]);
  });

  it("unregister frees a key of one's own, and no other", () => {
    const seen = live(function* (me) {
      const registry = yield* unique();
      yield* holder(registry, ["theirs", 1]);
      Registry.register(registry, "mine", 1);
      Registry.unregister(registry, "theirs");
      Registry.unregister(registry, "mine");
      Registry.unregister(registry, "none");
      return [
        Registry.lookup(registry, "theirs").length,
        Registry.lookup(registry, "mine").length,
        Registry.keys(registry, me),
      ];
    });
    expect(seen).toEqual([1, 0, []]);
  });
});

describe("a registry with duplicate keys", () => {
  it("keeps every entry, oldest first, several of one process too", () => {
    const seen = live(function* (me) {
      const registry = yield* duplicate();
      yield* holder(registry, ["k", "theirs"]);
      for (const value of [1, 2]) Registry.register(registry, "k", value);
      Registry.register(registry, "other", 3);
      const values = Registry.lookup(registry, "k").map(({ value }) => value);
      return [values, Registry.values(registry, "k", me), Registry.keys(registry, me), Registry.count(registry)];
    });
    expect(seen).toEqual([["theirs", 1, 2], [1, 2], ["k", "k", "other"], 4]);
  });

  it("unregister drops all entries of this process under the key", () => {
    const seen = live(function* (me) {
      const registry = yield* duplicate();
      yield* holder(registry, ["k", "theirs"]);
      for (const value of [1, 2]) Registry.register(registry, "k", value);
      Registry.register(registry, "other", 3);
      Registry.unregister(registry, "k");
      return [
        Registry.lookup(registry, "k").map(({ value }) => value),
        Registry.keys(registry, me),
        Registry.count(registry),
      ];
    });
    expect(seen).toEqual([["theirs"], ["other"], 2]);
  });

  it("dispatch runs in the caller, once, and not for a key without entries", () => {
    const seen = live(function* (me) {
      const registry = yield* duplicate();
      yield* holder(registry, ["k", 1], ["k", 2]);
      const told: unknown[] = [];
      for (const key of ["k", "none"])
        Registry.dispatch(registry, key, (entries) => told.push([self() === me, entries.length]));
      return told;
    });
    expect(seen).toEqual([[true, 2]]);
  });

  it("match takes the entries whose value fits", () => {
    const seen = live(function* () {
      const registry = yield* duplicate<{ kind: string; level: number }>();
      for (const [at, kind] of ["a", "b", "a"].entries()) Registry.register(registry, "k", { kind, level: at });
      return Registry.match(registry, "k", { kind: "a" }).map(({ value }) => value.level);
    });
    expect(seen).toEqual([0, 2]);
  });

  it("is no place for names and for changing values", () => {
    const codes = live(function* () {
      const registry = yield* duplicate();
      return [
        codeOf(() => Registry.whereisName(registry, "k")),
        codeOf(() => Registry.updateValue(registry, "k", (value) => value)),
        codeOf(() => send(Registry.via(registry, "k"), "hello")),
      ];
    });
    expect(codes).toEqual(["ERR_BAD_ARGUMENT", "ERR_BAD_ARGUMENT", "ERR_BAD_ARGUMENT"]);
  });
});

describe("the end of a holder", () => {
  it.each(["unique", "duplicate"] as const)("removes its entries (%s), before anybody hears of it", (keys) => {
    const seen = live(function* (me) {
      const registry = yield* Registry.start<unknown, unknown>({ keys });
      const pid = yield* holder(registry, ["k", 1], ["k2", 2]);
      exit(pid, "kill");
      const at = [Registry.lookup(registry, "k"), Registry.keys(registry, pid), Registry.values(registry, "k", pid)];
      const again = Registry.register(registry, "k", 3);
      yield* me.sleep(1);
      return [at, again, Registry.count(registry), Registry.lookup(registry, "k").length];
    });
    expect(seen).toEqual([[[], [], []], { type: "ok" }, 1, 1]);
  });

  it("leaves no link behind; nor does the last unregister", () => {
    const seen = live(function* (me) {
      const registry = yield* unique();
      const pid = yield* holder(registry, ["k", 1]);
      Registry.register(registry, "mine", 1);
      Registry.register(registry, "mine too", 1);
      const counts = [processInfo(registry)?.links.length];
      exit(pid, "kill");
      Registry.unregister(registry, "mine");
      counts.push(processInfo(registry)?.links.length);
      Registry.unregister(registry, "mine too");
      yield* me.sleep(1);
      return [...counts, processInfo(registry)?.links.length, processInfo(me)?.links.length];
    });
    expect(seen).toEqual([2, 1, 0, 0]);
  });

  it("keeps a link that was there for another reason", () => {
    const seen = live(function* (me) {
      const registry = yield* Registry.startLink<string>({ keys: "unique" });
      Registry.register(registry, "k");
      Registry.unregister(registry, "k");
      return processInfo(me)?.links.length;
    });
    expect(seen).toBe(1);
  });
});

describe("the end of a registry", () => {
  it("takes the holders along when it crashes, and not when it is stopped", () => {
    const seen = live(function* (me) {
      const alive: boolean[] = [];
      for (const end of ["crash", "stop"]) {
        const registry = yield* unique();
        const pid = yield* holder(registry, ["k", 1]);
        if (end === "crash") exit(registry, "kill");
        else yield* stop(registry);
        yield* me.sleep(1);
        alive.push(isAlive(pid));
      }
      return alive;
    });
    expect(seen).toEqual([false, true]);
  });

  it("makes every use an error", () => {
    const codes = live(function* (me) {
      const registry = yield* unique();
      yield* stop(registry);
      return [
        codeOf(() => Registry.register(registry, "k", 1)),
        codeOf(() => Registry.lookup("nobody", "k")),
        codeOf(() => Registry.count(me as AnyPid as RegistryPid<unknown>)),
      ];
    });
    expect(codes).toEqual(["ERR_NOT_REGISTERED", "ERR_NOT_REGISTERED", "ERR_NOT_REGISTERED"]);
  });
});

describe("Registry.start", () => {
  it("takes a name", () => {
    const seen = live(function* () {
      yield* Registry.start<string, number>({ keys: "unique", name: "names" });
      Registry.register<string, number, never>("names", "k", 1);
      return Registry.lookup<string, number, never>("names", "k").map(({ value }) => value);
    });
    expect(seen).toEqual([1]);
  });

  it("refuses other kinds of keys", () => {
    expect(codeOf(() => Registry.start({ keys: "many" as "unique" }))).toBe("ERR_BAD_ARGUMENT");
  });

  it("survives strange messages", () => {
    const seen = live(function* (me) {
      const registry = yield* unique();
      for (const message of ["hello", { type: "EXIT" }, null]) send(registry as unknown as Self<unknown>, message);
      yield* me.sleep(1);
      return isAlive(registry);
    });
    expect(seen).toBe(true);
  });
});

describe("meta", () => {
  it("keeps values for everybody beside the entries", () => {
    const seen = live(function* () {
      const registry = yield* Registry.start<string>({ keys: "unique", meta: { limit: 3 } });
      Registry.putMeta(registry, ["a", 1], "value");
      const read = [
        Registry.meta(registry, "limit"),
        Registry.meta(registry, ["a", 1]),
        Registry.meta(registry, "none"),
      ];
      Registry.deleteMeta(registry, "limit");
      return [...read, Registry.meta(registry, "limit"), Registry.count(registry)];
    });
    expect(seen).toEqual([3, "value", undefined, undefined, 0]);
  });
});

describe("listeners", () => {
  it("hear of registering and unregistering, and not of ends", () => {
    const seen = live(function* (me: Self<Exit>) {
      register("ears", me);
      const registry = yield* Registry.start<unknown, unknown>({ keys: "unique", listeners: ["ears", "nobody"] });
      const pid = yield* holder(registry, ["k", 1]);
      exit(pid, "kill");
      Registry.register(registry, "mine", [2]);
      Registry.unregister(registry, "mine");
      Registry.unregister(registry, "none");
      yield* me.sleep(1);
      return (waitingMessages(me) ?? []).map((message) =>
        JSON.stringify(message)
          .replaceAll(String(me), "me")
          .replaceAll(String(registry), "it")
          .replaceAll(String(pid), "pid"),
      );
    });
    expect(seen).toEqual([
      '{"type":"register","registry":"it","key":"k","pid":"pid","value":1}',
      '{"type":"register","registry":"it","key":"mine","pid":"me","value":[2]}',
      '{"type":"unregister","registry":"it","key":"mine","pid":"me"}',
    ]);
  });
});

describe("Registry.via", () => {
  const Echo = genServer({
    init: (how: string) => (how === "fail" ? exit("no") : { heard: [] as unknown[] }),
    call: { heard: ({ state }) => state.heard },
    info: (own, message) => own.draft.heard.push(message),
  });

  it("names a server, for its start, for calls and for messages", () => {
    const seen = live(function* (me) {
      const registry = yield* unique();
      const name = Registry.via(registry, ["echo", 1], "value");
      const server = yield* Echo.startOpt(["fine"], { name });
      send(name, "hello");
      const heard = yield* Echo.call(name).heard();
      const entry = [
        Registry.whereisName(registry, ["echo", 1]) === server,
        Registry.values(registry, ["echo", 1], server),
      ];
      yield* stop(name);
      yield* me.sleep(1);
      return [heard, entry, Registry.whereisName(registry, ["echo", 1])];
    });
    expect(seen).toEqual([["hello"], [true, ["value"]], undefined]);
  });

  it("refuses a second server under the name, and frees it when init fails", () => {
    const seen = live(function* () {
      const registry = yield* unique();
      const name = Registry.via(registry, "echo");
      const reasons: unknown[] = [];
      for (const how of ["fail", "fine", "fine"]) {
        try {
          yield* Echo.startOpt([how], { name });
          reasons.push("started");
        } catch (error) {
          if (!(error instanceof StartError)) throw error;
          reasons.push(
            Array.isArray(error.reason)
              ? [error.reason[0], error.reason[1] === Registry.whereisName(registry, "echo")]
              : error.reason,
          );
        }
      }
      return reasons;
    });
    expect(seen).toEqual(["no", "started", ["already_started", true]]);
  });

  it("a start that fails does not free the name of whoever has taken it since", () => {
    const { run, platform, node } = laboratory();
    const names: unknown[] = [];
    run(function* (me) {
      const registry = yield* unique();
      const name = Registry.via(registry, "k");
      spawn(function* () {
        yield* Echo.startOpt(["fail"], { name });
      });
      const unsubscribe = node.subscribe(["exit"], (event) => {
        if (event.type === "exit" && event.reason === "no") Registry.register(registry, "k", 1);
      });
      yield* me.sleep(1);
      unsubscribe();
      names.push(Registry.lookup(registry, "k").length <= 1);
    });
    platform.advance(2);
    expect(names).toEqual([true]);
  });

  it("nobody behind it: a call exits with noproc, a send throws, a cast vanishes", () => {
    const seen = live(function* () {
      const name = Registry.via(yield* unique(), "nobody");
      cast(name, "hello");
      const failed = yield* Task.await(Task.async(later<unknown>, 0, 1));
      const code = codeOf(() => send(name, "hello"));
      try {
        yield* call(name, "hello");
      } catch (error) {
        return [failed, code, String(error).includes("noproc")];
      }
      return "no exit";
    });
    expect(seen).toEqual([0, "ERR_NOT_REGISTERED", true]);
  });
});
