import {
  call,
  type CancelSignal,
  exit,
  ExitException,
  monotonicTime,
  reply,
  type Request,
  type Self,
  spawn,
  TIMEOUT,
  type CallOptions,
} from "@krarup/core";
import { manualPlatform } from "@krarup/core/manual";
import { describe, expect, it } from "vitest";
import { laboratory } from "../laboratory.ts";

type Slow = Request<string, string>;

/** Replies after 50 ms. */
function* slow(self: Self<Slow>) {
  for (;;) {
    const { from, request } = yield* self.receive();
    yield* self.sleep(50);
    reply(from, request);
  }
}

/** Calls a slow server with `options` in a lab of its own; `results` get the reply or the reason, and what is left in the mailbox. */
function calling(options: (now: number) => CallOptions) {
  const lab = laboratory();
  const results: unknown[] = [];
  const client = lab.run(function* (self: Self<string>) {
    try {
      results.push(yield* call<string, string>(spawn(slow), "hi", options(monotonicTime())));
    } catch (failure) {
      // A failed call raises [why, CallInfo].
      results.push(((failure as ExitException).reason as [unknown])[0]);
    }
    yield* self.sleep(200);
    results.push(yield* self.receive().after(0));
  });
  return { ...lab, results, client };
}

describe("call with a signal", () => {
  it("fails as soon as it aborts; the late reply vanishes", () => {
    const { signal, abort } = manualPlatform().cancellation();
    const { platform, results } = calling(() => ({ signal }));
    platform.advance(10);
    abort("not needed");
    platform.settle();
    expect(results).toEqual([["aborted", "not needed"]]);
    platform.advance(1_000);
    expect(results).toEqual([["aborted", "not needed"], TIMEOUT]);
  });

  it("that has aborted already sends nothing", () => {
    const { signal, abort } = manualPlatform().cancellation();
    abort("before");
    expect(calling(() => ({ signal })).results).toEqual([["aborted", "before"]]);
  });

  it("that does not abort is an ordinary call", () => {
    const { signal } = manualPlatform().cancellation();
    const { platform, results } = calling(() => ({ signal }));
    platform.advance(1_000);
    expect(results).toEqual(["hi", TIMEOUT]);
  });

  it("that times out is not heard any more", () => {
    const { signal, abort } = manualPlatform().cancellation();
    const { platform, results } = calling(() => ({ signal, timeoutMs: 10 }));
    platform.advance(20);
    abort("late");
    platform.advance(1_000);
    expect(results).toEqual(["timeout", TIMEOUT]);
  });

  it.each(["over", "ended"] as const)("leaves nothing with the signal when the call is %s", (how) => {
    const listening = new Set<unknown>();
    const counted = {
      aborted: false,
      reason: undefined,
      addEventListener: (_type: string, listener: unknown) => void listening.add(listener),
      removeEventListener: (_type: string, listener: unknown) => void listening.delete(listener),
    };
    // The part of an AbortSignal that a call uses.
    const { platform, client } = calling(() => ({ signal: counted as unknown as CancelSignal }));
    expect(listening.size).toBe(1);
    if (how === "over") platform.advance(100);
    else exit(client, "kill");
    expect(listening.size).toBe(0);
  });
});

describe("call with a deadline", () => {
  it.each<[string, (now: number) => CallOptions, unknown]>([
    ["in time", (now) => ({ deadlineMs: now + 60 }), "hi"],
    ["too late", (now) => ({ deadlineMs: now + 40 }), "timeout"],
    ["long past", (now) => ({ deadlineMs: now - 1 }), "timeout"],
    ["behind the time-out", (now) => ({ deadlineMs: now + 60, timeoutMs: 40 }), "timeout"],
    ["before the time-out", (now) => ({ deadlineMs: now + 40, timeoutMs: 60 }), "timeout"],
  ])("that comes %s", (_when, options, result) => {
    const { platform, results } = calling(options);
    platform.advance(1_000);
    expect(results[0]).toBe(result);
  });
});

describe("call with options that make no sense", () => {
  it.each([
    null,
    7,
    "abort",
    {},
    { aborted: false },
    { aborted: "no", addEventListener() {}, removeEventListener() {} },
  ])("refuses the signal %o", (signal) => {
    // What a program without types may give.
    const options = { signal } as unknown as CallOptions;
    expect(() => call("server", "hi", options)).toThrow(
      expect.objectContaining({
        code: "ERR_BAD_ARGUMENT",
        value: signal,
        message: expect.stringContaining("Cannot listen for an abort as the signal must be an AbortSignal"),
      }),
    );
  });

  it.each([null, Number.NaN, Number.POSITIVE_INFINITY, "soon", 1n])("refuses the deadline %o", (deadlineMs) => {
    // As above.
    const options = { deadlineMs } as unknown as CallOptions;
    expect(() => call("server", "hi", options)).toThrow(
      expect.objectContaining({
        code: "ERR_BAD_ARGUMENT",
        value: deadlineMs,
        message: expect.stringContaining("Cannot wait until a deadline"),
      }),
    );
  });

  it("hears an AbortSignal", () => {
    expect(() => call("server", "hi", { signal: new AbortController().signal })).not.toThrow();
  });
});
