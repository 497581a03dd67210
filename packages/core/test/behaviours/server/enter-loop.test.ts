import {
  call,
  cast,
  createNode,
  enterLoop,
  type EnteredModule,
  type Exit,
  exit,
  type From,
  getState,
  type Pid,
  register,
  reply,
  type Self,
  send,
  spawn,
  spawnLink,
  spawnOpt,
  stop,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../../laboratory.ts";
import { live, type Steps } from "../task/task-owner.ts";

/** Counts what it is sent; asked, it tells. */
function counting(lines: unknown[] = []): EnteredModule<number> {
  return {
    handleCall: (_request, _from, count) => ["reply", count, count],
    handleCast: (by, count) => (by === "fail" ? exit("oops") : ["noreply", count + Number(by)]),
    handleInfo: (message, count) => (lines.push(message), ["noreply", count + 1]),
    handleContinue: (term, count) => (lines.push(term), ["noreply", count + 100]),
    terminate: (reason) => lines.push(reason),
  };
}

/** A process that becomes a server as soon as it is told with what. */
function* becoming(self: Self<number | Exit>) {
  self.trapExit();
  const state = yield* self.receive((message): message is number => typeof message === "number");
  yield* enterLoop(counting(), state);
}

describe("enterLoop", () => {
  it("serves calls, casts, other messages and the system protocol, also those that waited before", () => {
    const seen = live(function* () {
      const pid: Pid<unknown> = spawn(becoming) as Pid<unknown>; // what it understands changes
      cast(pid, 2);
      send(pid, "info");
      send(pid, 10);
      return [yield* call(pid, "count"), yield* getState(pid), yield* stop(pid, "done")];
    });
    expect(seen).toEqual([13, 13, "ok"]);
  });

  it("may begin with a continue, and keeps the name that it has", () => {
    const lines: unknown[] = [];
    const seen = live(function* (me) {
      spawn(function* named(self: Self) {
        register("counter", self);
        yield* enterLoop(counting(lines), 1, ["continue", "first"]);
      });
      yield* me.yield();
      send("counter", "second");
      return yield* call("counter", "count");
    });
    expect([seen, lines]).toEqual([102, ["first", "second"]]);
  });

  it("never returns: nothing behind it runs, whatever ends the server", () => {
    const lines: unknown[] = [];
    const { run, ends, node } = laboratory();
    const reports: unknown[] = [];
    node.subscribe(["crash"], (event) => {
      if (event.type === "crash") reports.push([event.report.isLibrary, event.report.state, event.report.reason]);
    });
    const body = function* (): Steps<void> {
      try {
        yield* enterLoop(counting(lines), 5);
      } finally {
        lines.push("left");
      }
    };
    const [stopped, failed, killed] = [run(body), run(body), run(body)];
    run(function* () {
      yield* stop(stopped, "normal");
      cast(failed, "fail");
      exit(killed, "kill");
    });
    expect([stopped, failed, killed].map((pid) => ends.get(pid))).toEqual(["normal", "oops", "killed"]);
    expect(lines).toEqual(["normal", "oops"]);
    expect(reports).toEqual([[true, 5, "oops"]]);
  });

  it("stops with its parent if the two are linked, as a server does", () => {
    const lines: unknown[] = [];
    live(
      function* (me) {
        spawn(function* parent() {
          spawnLink(function* child(self: Self<Exit>) {
            self.trapExit();
            yield* enterLoop(counting(lines), 0);
          });
          yield* me.yield();
          exit("parent gone");
        });
        yield* me.sleep(5);
      },
      { traps: true },
    );
    expect(lines).toEqual(["parent gone"]);
  });

  it("takes callbacks that are methods of an object with secrets", () => {
    class Vault {
      readonly #gold = 7;
      handleCall(_request: unknown, from: From<unknown>, state: null) {
        reply(from, this.#gold);
        return ["noreply", state] as const;
      }
    }
    const seen = live(function* () {
      const pid = spawn(function* (_self: Self<unknown>) {
        yield* enterLoop(new Vault(), null);
      });
      return yield* call(pid, "gold");
    });
    expect(seen).toBe(7);
  });

  it("is refused outside processes and in async bodies", async () => {
    expect(codeOf(() => enterLoop(counting(), 0)[Symbol.iterator]().next())).toBe("ERR_NOT_IN_PROCESS");
    const node = createNode({ reports: "none" });
    const reason = await new Promise((resolve) => {
      node.subscribe(["exit"], (event) => {
        if (event.type === "exit") resolve(event.reason);
      });
      spawnOpt(async () => void (await enterLoop(counting(), 0)), [], { node });
    });
    node.halt();
    expect(reason).toMatchObject({ code: "ERR_BAD_ARGUMENT" });
  });
});
