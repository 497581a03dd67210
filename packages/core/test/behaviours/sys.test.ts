import {
  ExitException,
  genServer,
  getState,
  getStatus,
  type Operation,
  replaceState,
  startServer,
  type Suspension,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory } from "../laboratory.ts";
import { live } from "./task/task-owner.ts";

/** The first half of the reason with which `wait` fails. */
function* whyOf(wait: Operation<unknown>): Generator<Suspension, unknown, void> {
  try {
    return ["no exit", yield* wait];
  } catch (error) {
    if (!(error instanceof ExitException) || !Array.isArray(error.reason)) throw error;
    const why: unknown = error.reason[0];
    return Array.isArray(why) && why[1] instanceof Error ? [why[0], why[1].message] : why;
  }
}

const Unsendable = genServer({ init: () => ({ next: () => 1 }), call: { value: ({ state }) => state.next() } });
const Unshowable = genServer({
  init: () => 7,
  call: { value: ({ state }) => state },
  cast: { crash: () => exitWith("oops") },
  formatStatus: (): never => exitWith("bad format"),
});

function exitWith(text: string): never {
  throw new Error(text);
}

describe("the system protocol", () => {
  it("leaves a server alone whose state cannot be sent: who asked is told", () => {
    const seen = live(function* () {
      const server = yield* Unsendable.start();
      return [yield* whyOf(getState(server)), yield* Unsendable.call(server).value()];
    });
    expect(seen).toEqual([
      [
        "callback_failed",
        "Cannot send as message.answer.next is a function; only plain data can be sent to another process",
      ],
      1,
    ]);
  });

  it("leaves a server alone whose formatStatus throws", () => {
    const seen = live(function* () {
      const server = yield* Unshowable.start();
      return [yield* whyOf(getStatus(server)), yield* getState(server), yield* Unshowable.call(server).value()];
    });
    expect(seen).toEqual([["callback_failed", "bad format"], 7, 7]);
  });

  it("reports the crash of a server whose formatStatus throws", () => {
    const { node, run } = laboratory();
    const states: unknown[] = [];
    node.subscribe(["crash"], (event) => {
      if (event.type === "crash") states.push(event.report.state);
    });
    run(function* () {
      Unshowable.cast(yield* Unshowable.start()).crash();
    });
    expect(states).toEqual([["format_status_failed", new Error("bad format")]]);
  });

  it("shows what formatStatus makes of a state, and replaces the state itself", () => {
    const seen = live(function* () {
      const server = yield* startServer({ init: () => ["ok", 1] as const, formatStatus: () => "hidden" }, null);
      const { state } = yield* getStatus(server);
      return [state, yield* getState(server), yield* replaceState(server, 2), yield* getState(server)];
    });
    expect(seen).toEqual(["hidden", 1, 2, 2]);
  });
});
