import { jsonEvent, type LogEvent } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { crashOf, eventOf, textEvent } from "./logged-event.ts";

function parsed(event: LogEvent): unknown {
  const line = jsonEvent(event);
  expect(line.endsWith("}\n")).toBe(true);
  expect(line.trimEnd()).not.toContain("\n");
  return JSON.parse(line);
}

const HEAD = { time: "1970-01-01T00:00:00.000Z", node: "lab", pid: null };

describe("jsonEvent", () => {
  it("is one line with the fields under a key of their own", () => {
    const event = eventOf({ type: "text", text: "sold\nout", fields: { time: "late" } }, "notice", { request: "r1" });
    expect(parsed(event)).toEqual({
      ...HEAD,
      level: "notice",
      message: "sold\nout",
      fields: { time: "late" },
      metadata: { request: "r1" },
    });
    expect(parsed(textEvent("hello"))).toEqual({ ...HEAD, level: "info", message: "hello" });
  });

  it("says what JSON cannot say", () => {
    const error = new Error("x", { cause: new Error("y") });
    const fields = { big: 1n, set: new Set([1]), map: new Map([["a", 1]]), error };
    expect(parsed(textEvent("hello", "info", fields))).toMatchObject({
      fields: {
        big: "1n",
        set: [1],
        map: [["a", 1]],
        error: { name: "Error", message: "x", cause: { message: "y" } },
      },
    });
  });

  it("tells less of what cannot be said at all, and keeps the head", () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    expect(parsed(textEvent("hello", "info", circle))).toEqual({ ...HEAD, level: "info", message: '"hello"' });
  });

  it("tells a crash with all that is known", () => {
    const report = crashOf("boom", { state: { sent: 1 }, handling: "deliver" });
    expect(parsed(eventOf({ type: "crash", report, lines: [textEvent("delivering")] }))).toEqual({
      ...HEAD,
      level: "error",
      message: 'mailer ended unexpectedly: "boom"',
      type: "crash",
      crash: {
        entry: "mailer",
        reason: "boom",
        handling: "deliver",
        state: { sent: 1 },
        ancestors: [],
        links: [],
        queueLength: 0,
        waiting: [],
        reductions: 3,
        ageMs: 7,
      },
      lastLines: ["delivering"],
    });
  });

  it("tells what the supervisor of a crashed process has decided, and who has taken its place", () => {
    const report = crashOf("boom");
    const counted = { restarts: 1, intensity: 3, periodMs: 5_000 };
    const decision = { do: "restart", strategy: "one_for_one", ...counted } as const;
    const supervision = { supervisor: "root", decision, restartedAs: report.pid };
    expect(parsed(eventOf({ type: "crash", report, lines: [], supervision }))).toMatchObject({
      supervision: { supervisor: "root", do: "restart", ...counted, restartedAs: String(report.pid) },
    });
  });

  it("tells reports, stray errors and repeats by type", () => {
    const decision = { do: "forget", restart: "temporary" };
    const report = { label: "child_terminated", level: "error", details: { supervisor: "root", decision } } as const;
    const of = eventOf({ type: "report", report });
    expect(parsed(of)).toMatchObject({ type: "child_terminated", details: { supervisor: "root" } });
    expect(parsed(eventOf({ type: "stray", error: "x", pid: null }))).toMatchObject({ type: "stray", reason: "x" });
    expect(parsed(eventOf({ type: "repeat", of, count: 3, withinMs: 10_000 }))).toMatchObject({
      type: "child_terminated",
      repeated: 3,
      withinMs: 10_000,
    });
  });
});
