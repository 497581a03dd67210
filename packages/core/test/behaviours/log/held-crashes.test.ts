import { type AnyPid, type CrashReport, type Report } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { type CrashEvent, HeldCrashes } from "../../../src/behaviours/log/held-crashes.ts";
import { crashOf, eventOf } from "./logged-event.ts";

const SUPERVISOR = crashOf("none").pid;
const OTHER = crashOf("none").pid;
const RESTART = { do: "restart", strategy: "one_for_one", restarts: 1, intensity: 3, periodMs: 5_000 } as const;
const FORGET = { do: "forget", restart: "temporary" } as const;

function crash(report: CrashReport): CrashEvent {
  const message = { type: "crash", report, lines: [] } as const;
  return { ...eventOf(message), message };
}

function terminated(pid: AnyPid, decision: unknown): Report {
  return report("child_terminated", { supervisor: "root", offender: { pid, id: "a" }, decision });
}

function report(label: string, details: Report["details"]): Report {
  return { label, level: "error", details };
}

/** A crash that waits for `SUPERVISOR` since 0 ms. */
function waiting(): { readonly held: HeldCrashes; readonly pid: AnyPid } {
  const held = new HeldCrashes();
  const event = crash(crashOf("boom"));
  expect(held.hold(event, SUPERVISOR, 0)).toBe(true);
  return { held, pid: event.message.report.pid };
}

describe("HeldCrashes", () => {
  it("lets a crash go with a decision that brings nobody", () => {
    const { held, pid } = waiting();
    const { released, isTold } = held.hear(SUPERVISOR, terminated(pid, FORGET));
    expect(isTold).toBe(true);
    expect(released.map(({ message }) => message.supervision)).toEqual([
      { supervisor: "root", decision: FORGET, restartedAs: undefined },
    ]);
    expect(held.size).toBe(0);
  });

  it("keeps one whose child is being restarted for the pid of that child", () => {
    const { held, pid } = waiting();
    expect(held.hear(SUPERVISOR, terminated(pid, RESTART))).toEqual({ released: [], isTold: true });
    expect(held.hear(SUPERVISOR, report("progress", { started: { pid: OTHER, id: "b" } })).released).toEqual([]);
    const { released, isTold } = held.hear(SUPERVISOR, report("progress", { started: { pid: OTHER, id: "a" } }));
    expect(isTold).toBe(false);
    expect(released[0]?.message.supervision?.restartedAs).toBe(OTHER);
  });

  it("lets all of a supervisor go when that reports something else that has gone wrong", () => {
    const { held } = waiting();
    expect(held.hear(OTHER, report("start_error", {})).released).toEqual([]);
    const { released, isTold } = held.hear(SUPERVISOR, report("start_error", {}));
    expect([released.length, isTold, held.size]).toEqual([1, false, 0]);
  });

  it("has nothing to do with the decisions of others, nor about others", () => {
    const { held, pid } = waiting();
    expect(held.hear(OTHER, terminated(pid, FORGET))).toEqual({ released: [], isTold: false });
    expect(held.hear(SUPERVISOR, terminated(OTHER, FORGET))).toEqual({ released: [], isTold: false });
    expect(held.size).toBe(1);
  });

  it("lets those go that have waited for long", () => {
    const { held } = waiting();
    held.hold(crash(crashOf("later")), SUPERVISOR, 10);
    expect(held.releaseUntil(9).map(({ message }) => message.report.reason)).toEqual(["boom"]);
    expect(held.releaseUntil(10).map(({ message }) => message.report.reason)).toEqual(["later"]);
  });

  it("holds no more than a thousand", () => {
    const held = new HeldCrashes();
    const admitted = Array.from({ length: 1_001 }, (_each, at) => held.hold(crash(crashOf(at)), SUPERVISOR, 0));
    expect(admitted.lastIndexOf(true)).toBe(999);
    expect(admitted.indexOf(false)).toBe(1_000);
  });
});
