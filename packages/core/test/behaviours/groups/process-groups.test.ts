import {
  type AnyPid,
  type Exit,
  exit,
  isAlive,
  pg,
  processInfo,
  type Ref,
  type Self,
  self,
  send,
  spawn,
  stop,
  whereis,
  waitingMessages,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle } from "../../laboratory.ts";
import { live, type Steps } from "../task/task-owner.ts";

/** A scope with processes that only live. */
function* scopeWith(count: number): Steps<AnyPid[]> {
  yield* pg.start("scope");
  return Array.from({ length: count }, () => spawn(idle));
}

/** The waiting messages, with letters for pids. */
function changesIn(me: AnyPid, pids: readonly AnyPid[], ref: Ref): unknown[] {
  // Only changes of groups are sent to these processes.
  const changes = waitingMessages(me) as { type: string; ref: Ref; group: unknown; pids: AnyPid[] }[];
  return changes.map((change) => [change.type, change.ref === ref, change.group, named(change.pids, pids)]);
}

function named(list: readonly AnyPid[], pids: readonly AnyPid[]): string {
  return list.map((pid) => "abc"[pids.indexOf(pid)] ?? "?").join("");
}

function members(pids: readonly AnyPid[], group: unknown = "g"): string {
  return named(pg.getMembers("scope", group), pids);
}

describe("pg", () => {
  it("lets a process join several times, and leave as often", () => {
    const seen = live(function* () {
      const pids = yield* scopeWith(2);
      const [a = self(), b = self()] = pids;
      const log: unknown[] = [
        yield* pg.join("scope", "g", a),
        members(pids),
        yield* pg.join("scope", "g", [a, b]),
        members(pids),
      ];
      for (let times = 0; times < 3; times++) log.push(yield* pg.leave("scope", "g", a));
      return [
        ...log,
        members(pids),
        yield* pg.leave("scope", "none", b),
        yield* pg.leave("scope", "g", [a, b]),
        pg.whichGroups("scope"),
      ];
    });
    expect(seen).toEqual(["ok", "a", "ok", "aab", "ok", "ok", "not_joined", "b", "not_joined", "ok", []]);
  });

  it("compares groups by value, and forgets empty ones", () => {
    const seen = live(function* () {
      const pids = yield* scopeWith(1);
      yield* pg.join("scope", ["room", 1], pids);
      const before = [members(pids, ["room", 1]), members(pids, ["room", 2]), pg.whichGroups("scope")];
      yield* pg.leave("scope", ["room", 1], pids);
      return [...before, pg.whichGroups("scope")];
    });
    expect(seen).toEqual(["a", "", [["room", 1]], []]);
  });

  it("takes a process that ends out of every group; one that has ended does not stay", () => {
    const seen = live(function* (me) {
      const pids = yield* scopeWith(2);
      for (const group of ["g", "g", "h"]) yield* pg.join("scope", group, pids);
      const [a = me] = pids;
      exit(a, "kill");
      yield* me.sleep(1);
      const after = [members(pids), members(pids, "h")];
      const joined = yield* pg.join("scope", "late", a);
      yield* me.sleep(1);
      return [...after, joined, pg.whichGroups("scope"), processInfo(whereis("scope") ?? me)?.monitors.length];
    });
    expect(seen).toEqual(["bb", "b", "ok", ["g", "h"], 1]);
  });

  it("keeps scopes apart", () => {
    const seen = live(function* () {
      const pids = yield* scopeWith(1);
      yield* pg.start("other");
      yield* pg.join("other", "g", pids);
      return [members(pids), named(pg.getLocalMembers("other", "g"), pids)];
    });
    expect(seen).toEqual(["", "a"]);
  });

  it("holds no monitor of those who have left", () => {
    const seen = live(function* (me) {
      const pids = yield* scopeWith(1);
      yield* pg.join("scope", "g", pids);
      yield* pg.leave("scope", "g", pids);
      return processInfo(whereis("scope") ?? me)?.monitors.length;
    });
    expect(seen).toBe(0);
  });

  it("without a scope reads nothing, lists nothing and exits with noproc", () => {
    const seen = live(function* (me) {
      const read = [pg.getMembers("none", "g"), codeOf(() => pg.whichGroups("none"))];
      try {
        yield* pg.join("none", "g", me);
      } catch (error) {
        return [...read, String(error).includes("noproc")];
      }
      return "no exit";
    });
    expect(seen).toEqual([[], "ERR_NOT_REGISTERED", true]);
  });

  it("a scope that has ended has taken its groups along, and its members live on", () => {
    const seen = live(function* () {
      const pids = yield* scopeWith(1);
      yield* pg.join("scope", "g", pids);
      yield* stop("scope");
      const after = members(pids);
      yield* pg.startLink("scope");
      return [after, members(pids), pids.map(isAlive)];
    });
    expect(seen).toEqual(["", "", [true]]);
  });

  it("refuses what is no pid", () => {
    expect(codeOf(() => pg.join("scope", "g", ["a"] as unknown as AnyPid[]))).toBe("ERR_BAD_ARGUMENT");
  });

  it("survives strange messages", () => {
    const seen = live(function* (me) {
      const pids = yield* scopeWith(1);
      const scope = whereis<unknown>("scope") ?? me;
      for (const message of ["hello", { type: "DOWN", ref: 1 }, null]) send(scope as Self<unknown>, message);
      yield* pg.join("scope", "g", pids);
      return members(pids);
    });
    expect(seen).toBe("a");
  });
});

describe("pg.monitor", () => {
  it("tells the members now, and every change from then on", () => {
    const seen = live(function* (me) {
      const pids = yield* scopeWith(3);
      const [a = me, b = me, c = me] = pids;
      yield* pg.join("scope", "g", a);
      const [ref, now] = yield* pg.monitor("scope", "g");
      yield* pg.join("scope", "g", [b, c]);
      yield* pg.join("scope", "other", b);
      yield* pg.leave("scope", "g", [a, me]);
      yield* pg.leave("scope", "g", a);
      exit(b, "kill");
      yield* me.sleep(1);
      return [named(now, pids), changesIn(me, pids, ref)];
    });
    const changes = [
      ["join", "bc"],
      ["leave", "a"],
      ["leave", "b"],
    ].map(([type, who]) => [type, true, "g", who]);
    expect(seen).toEqual(["a", changes]);
  });

  it("of a scope tells of every group", () => {
    const seen = live(function* (me) {
      const pids = yield* scopeWith(2);
      const [a = me, b = me] = pids;
      yield* pg.join("scope", ["g"], [a, a]);
      const [ref, now] = yield* pg.monitorScope("scope");
      yield* pg.join("scope", "h", b);
      exit(a, "kill");
      yield* me.sleep(1);
      return [[...now].map(([group, list]) => [group, named(list, pids)]), changesIn(me, pids, ref)];
    });
    const leave = ["leave", true, ["g"], "a"];
    expect(seen).toEqual([[[["g"], "aa"]], [["join", true, "h", "b"], leave, leave]]);
  });

  it("is received by its ref", () => {
    const seen = live(function* (me: Self<Exit>) {
      const pids = yield* scopeWith(1);
      const [ref] = yield* pg.monitor("scope", "g");
      const [other] = yield* pg.monitor("scope", "g");
      yield* pg.join("scope", "g", pids);
      const change = yield* me.receive(other);
      return [
        typeof change === "object" && change !== null && "ref" in change && change.ref === other,
        changesIn(me, pids, ref).length,
      ];
    });
    expect(seen).toEqual([true, 1]);
  });

  it("demonitor leaves none of its messages", () => {
    const seen = live(function* (me) {
      const pids = yield* scopeWith(1);
      const [ref] = yield* pg.monitor("scope", "g");
      yield* pg.join("scope", "g", pids);
      const answers = [yield* pg.demonitor("scope", ref), yield* pg.demonitor("scope", ref)];
      yield* pg.leave("scope", "g", pids);
      return [answers, waitingMessages(me), processInfo(whereis("scope") ?? me)?.monitors.length];
    });
    expect(seen).toEqual([[true, false], [], 0]);
  });

  it("ends with the subscriber", () => {
    const seen = live(function* (me) {
      yield* scopeWith(0);
      spawn(function* () {
        yield* pg.monitor("scope", "g");
      });
      yield* me.sleep(1);
      return processInfo(whereis("scope") ?? me)?.monitors.length;
    });
    expect(seen).toBe(0);
  });
});
