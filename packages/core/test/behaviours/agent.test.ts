import {
  Agent,
  type AgentPid,
  type Exit,
  exit,
  ExitException,
  getState,
  type Self,
  self,
  StartError,
  type Suspension,
  waitingMessages,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory } from "../laboratory.ts";
import { live } from "./task/task-owner.ts";

/** Why a call failed; or "no exit". */
function* whyOf(wait: Iterable<unknown>): Generator<never, unknown, void> {
  try {
    // Whatever an operation yields goes to the scheduler as it is.
    yield* wait as Iterable<never>;
  } catch (error) {
    if (error instanceof StartError) return error.reason;
    // A failed call raises an ExitException with [why, CallInfo].
    return error instanceof ExitException ? (error.reason as unknown[])[0] : error;
  }
  return "no exit";
}

function* slowly<T>(value: T, ms: number): Generator<Suspension, T, void> {
  yield* self().sleep(ms);
  return value;
}

describe("an agent", () => {
  it("holds what its functions make of the state", () => {
    const seen = live(function* () {
      const agent = yield* Agent.startLink(() => 1);
      const answers: unknown[] = [yield* Agent.get(agent, (n) => n), yield* Agent.update(agent, (n) => n + 1)];
      answers.push(yield* Agent.getAndUpdate(agent, (n) => [n, n * 2]), yield* Agent.get(agent, (n) => n));
      Agent.cast(agent, () => 10);
      return [...answers, yield* Agent.get(agent, (n) => n), yield* getState(agent)];
    });
    expect(seen).toEqual([1, "ok", 2, 4, 10, 10]);
  });

  it("runs every function in its own process, init too", () => {
    const seen = live(function* () {
      const agent = yield* Agent.start(() => self());
      return (yield* Agent.get(agent, (first) => [first, self()])).map((pid) => pid === agent);
    });
    expect(seen).toEqual([true, true]);
  });

  it("waits for a function that is a generator, and serves nobody else meanwhile", () => {
    const seen = live(function* () {
      const agent = yield* Agent.start(() => slowly(1, 5));
      Agent.cast(agent, (n) => slowly(n + 1, 50));
      const quick = yield* whyOf(Agent.get(agent, (n) => n, { timeoutMs: 40 }));
      return [quick, yield* Agent.get(agent, (n) => slowly(n, 1))];
    });
    expect(seen).toEqual(["timeout", 2]);
  });

  it("copies what it answers", () => {
    const seen = live(function* () {
      const agent = yield* Agent.start(() => ({ list: [1] }));
      const mine = yield* Agent.get(agent, ({ list }) => list);
      mine.push(2);
      return yield* Agent.get(agent, ({ list }) => list);
    });
    expect(seen).toEqual([1]);
  });

  it("ends when a function throws; the caller and the linked hear why", () => {
    const seen = live(
      function* (me: Self<Exit>) {
        const agent = yield* Agent.startLink(() => 1);
        const why = yield* whyOf(Agent.get(agent, () => exit("bad")));
        const linked = (yield* me.receive()).reason;
        return [why, linked, yield* whyOf(Agent.get(agent, (n) => n)), waitingMessages(me)];
      },
      { traps: true },
    );
    expect(seen).toEqual(["bad", "bad", "noproc", []]);
  });

  it("ends with bad_return_value when getAndUpdate gets no pair", () => {
    const seen = live(function* () {
      const agent = yield* Agent.start(() => 1);
      // The compiler refuses what this is about.
      const run = (() => 5) as unknown as (n: number) => readonly [number, number];
      return yield* whyOf(Agent.getAndUpdate(agent, run));
    });
    expect(seen).toEqual(["bad_return_value", 5]);
  });

  it("drops the late answer of a call that timed out, and lives on", () => {
    const seen = live(function* (me: Self<Exit>) {
      const agent = yield* Agent.startLink(() => 1);
      const why = yield* whyOf(Agent.get(agent, (n) => slowly(n, 300), { timeoutMs: 40 }));
      yield* me.sleep(500);
      return [why, waitingMessages(me), yield* Agent.get(agent, (n) => n), yield* Agent.stop(agent)];
    });
    expect(seen).toEqual(["timeout", [], 1, "ok"]);
  });

  it("fails to start as init fails, and when its name is taken", () => {
    const seen = live(function* () {
      const agent: AgentPid<number> = yield* Agent.start(() => 1, { name: "count" });
      const taken = yield* whyOf(Agent.start(() => 2, { name: "count" }));
      const failed = yield* whyOf(Agent.start(() => exit("no")));
      return [Array.isArray(taken) && taken[0], Array.isArray(taken) && taken[1] === agent, failed];
    });
    expect(seen).toEqual(["already_started", true, "no"]);
  });

  it("is reached by name; a cast to nobody vanishes", () => {
    const seen = live(function* () {
      yield* Agent.start(() => 1, { name: "count" });
      Agent.cast<number>("count", (n) => n + 1);
      Agent.cast<number>("nobody", (n) => n);
      return [yield* Agent.get<number, number>("count", (n) => n), yield* whyOf(Agent.get("nobody", () => 1))];
    });
    expect(seen).toEqual([2, "noproc"]);
  });

  it("ends with its parent", () => {
    const { run, platform, node } = laboratory();
    const parent = run(function* (me: Self<string>) {
      yield* Agent.startLink(() => 1);
      yield* me.receive();
    });
    expect(node.processCount).toBe(2);
    exit(parent, "shutdown");
    platform.settle();
    expect(node.processCount).toBe(0);
  });
});
