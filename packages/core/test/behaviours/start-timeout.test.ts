import { genServer, genStatem, type Operation, self, StartError, TIMEOUT, whereis } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { live, type Steps } from "./task/task-owner.ts";

const OPTIONS = { name: "sleeper", timeoutMs: 40, link: true } as const;

const Server = genServer({
  *init(ms: number) {
    yield* self().sleep(ms);
    return ms;
  },
});

const Machine = genStatem({
  *init(ms: number) {
    yield* self().sleep(ms);
    return { state: "up", data: ms };
  },
  states: { up: {} },
});

/** Why `start` fails. */
function* reasonOf(start: Operation<unknown>): Steps<unknown> {
  try {
    yield* start;
  } catch (failure) {
    return failure instanceof StartError && failure.reason;
  }
  return "started";
}

describe("a start that takes longer than timeoutMs", () => {
  it.each([
    ["server", (ms: number) => Server.startOpt([ms], OPTIONS)],
    ["machine", (ms: number) => Machine.startOpt([ms], OPTIONS)],
  ] as const)("fails with timeout: the %s is killed, its name is free, and no EXIT is left", (_kind, start) => {
    const seen = live(
      function* (me) {
        const reason = yield* reasonOf(start(41));
        return [reason, whereis("sleeper"), yield* me.receive().after(100), yield* reasonOf(start(39))];
      },
      { traps: true },
    );
    expect(seen).toEqual(["timeout", undefined, TIMEOUT, "started"]);
  });
});
