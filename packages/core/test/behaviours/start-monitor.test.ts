import {
  type Down,
  exit,
  genEvent,
  genServer,
  genStatem,
  processInfo,
  type Self,
  startMonitor,
  startServer,
  TIMEOUT,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory } from "../laboratory.ts";

const Job = genServer({
  name: "job",
  init: (outcome: "up" | "fails" | "ends at once") => {
    if (outcome === "fails") exit("no room");
    return outcome;
  },
  call: { outcome: ({ state }) => state },
  info: () => exit("told to"),
});

describe("startMonitor", () => {
  it("returns the pid and the ref that the Down carries", () => {
    const seen = laboratory().play(function* (self: Self<Down>) {
      const [job, ref] = yield* startMonitor(Job.start("up"));
      const answer = yield* Job.call(job).outcome();
      exit(job, "enough");
      const down = yield* self.receive();
      return [answer, down.pid === job, down.ref === ref, down.reason];
    });
    expect(seen).toEqual(["up", true, true, "enough"]);
  });

  it("sees the true reason of one that ends as soon as it is up", () => {
    const reason = laboratory().play(function* (self: Self<Down>) {
      const hasty = startServer({ init: () => ["ok", 0, ["continue", 1]], handleContinue: () => exit("hasty") }, 0);
      const [, ref] = yield* startMonitor(hasty);
      const down = yield* self.receive();
      return down.ref === ref && down.reason;
    });
    expect(reason).toBe("hasty");
  });

  it("leaves nothing behind when the start fails", () => {
    const left = laboratory().play(function* (self: Self<Down>) {
      const start = startMonitor(Job.start("fails"));
      const reasons: unknown[] = [];
      for (let i = 0; i < 2; i++)
        try {
          yield* start;
        } catch (error) {
          reasons.push((error as { reason: unknown }).reason);
        }
      return [reasons, processInfo(self)?.monitors, yield* self.receive().after(0)];
    });
    expect(left).toEqual([["no room", "no room"], [], TIMEOUT]);
  });

  it("leaves nothing behind when the name is taken", () => {
    const left = laboratory().play(function* (self: Self<Down>) {
      yield* Job.startOpt(["up"], { name: "job" });
      try {
        yield* startMonitor(Job.startOpt(["up"], { name: "job" }));
      } catch (error) {
        return [(error as { reason: readonly unknown[] }).reason[0], yield* self.receive().after(0)];
      }
      return "started";
    });
    expect(left).toEqual(["already_started", TIMEOUT]);
  });

  it("takes the starts of machines and managers, and nothing else", () => {
    const kinds = laboratory().play(function* () {
      const Machine = genStatem({ init: () => ({ state: "on", data: 0 }), states: { on: {} } });
      const [machine] = yield* startMonitor(Machine.start());
      const [manager] = yield* startMonitor(genEvent({}).start());
      return [processInfo(machine)?.monitoredBy.length, processInfo(manager)?.monitoredBy.length];
    });
    expect(kinds).toEqual([1, 1]);
    // @ts-expect-error -- no operation at all
    expect(() => startMonitor(5)).toThrow(expect.objectContaining({ code: "ERR_BAD_ARGUMENT" }));
  });
});
