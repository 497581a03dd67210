import { type AnyPid, exit, genEvent, genServer, genStatem, isAlive, self, stop } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { exitOf, live, type Steps } from "./task/task-owner.ts";

/** A server that takes a while to end, and may end for another reason than it was asked to. */
const Slow = genServer({
  init: (ending: "as asked" | "its own way") => ending,
  *terminate({ state }) {
    yield* self().sleep(50);
    if (state === "its own way") exit("my way");
  },
});

/** The first half of the reason with which a stop fails. */
function* whyOf(server: AnyPid | string, timeoutMs?: number): Steps<unknown> {
  const told = yield* exitOf(stop(server, "done", timeoutMs));
  return Array.isArray(told) ? told[0] : told;
}

describe("stop", () => {
  it("waits until the server has really ended", () => {
    const seen = live(function* () {
      const slow = yield* Slow.start("as asked");
      return [yield* stop(slow), isAlive(slow)];
    });
    expect(seen).toEqual(["ok", false]);
  });

  it("exits with noproc where there is nobody, or nobody any more", () => {
    const seen = live(function* () {
      const slow = yield* Slow.start("as asked");
      yield* stop(slow);
      return [yield* whyOf("nobody"), yield* whyOf(slow)];
    });
    expect(seen).toEqual(["noproc", "noproc"]);
  });

  it("exits with timeout when that takes too long, and the server ends nevertheless", () => {
    const seen = live(function* (me) {
      const slow = yield* Slow.start("as asked");
      const outcome = [yield* whyOf(slow, 49), isAlive(slow)];
      yield* me.sleep(1);
      return [...outcome, isAlive(slow)];
    });
    expect(seen).toEqual(["timeout", true, false]);
  });

  it("exits with the reason of the end when it is another one than was asked for", () => {
    const seen = live(function* () {
      return yield* whyOf(yield* Slow.start("its own way"));
    });
    expect(seen).toBe("my way");
  });

  it("ends state machines and event managers as well", () => {
    const Machine = genStatem({ init: () => ({ state: "on", data: null }), states: { on: {} } });
    const seen = live(function* () {
      const pids: readonly AnyPid[] = [yield* Machine.start(), yield* genEvent({}).start()];
      for (const pid of pids) yield* stop(pid, "shutdown");
      return pids.map((pid) => isAlive(pid));
    });
    expect(seen).toEqual([false, false]);
  });
});
