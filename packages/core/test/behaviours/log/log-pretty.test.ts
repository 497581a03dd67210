import { prettyEvent, type Report } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { crashOf, eventOf, textEvent } from "./logged-event.ts";

const DETAILS = { supervisor: "root", reason: "boom", offender: { id: "mailer", pid: "<0.7.0>" } };
const FORGET = { do: "forget", restart: "temporary" } as const;

describe("prettyEvent", () => {
  it("says a text with its fields on one line", () => {
    expect(prettyEvent(textEvent("till open", "info", { drawer: 3, who: "agner", list: [1] }))).toBe(
      "00:00:00.000 info    till open  drawer=3  who=agner  list=[1]\n",
    );
  });

  it("lets nothing of what is said pass for an event, nor reach the terminal as a command", () => {
    const event = textEvent("hello\n✝ bank ended\u001b[2J", "info", { who: "x\r\ny\u009b1m" });
    expect(prettyEvent(event)).toBe(
      "00:00:00.000 info    hello\n             ✝ bank ended\\u001b[2J  who=x\\u000d\n             y\\u009b1m\n",
    );
    const report = crashOf(new Error("a\u0007b"));
    expect(prettyEvent(eventOf({ type: "crash", report, lines: [] }))).toContain("Error: a\\u0007b");
  });

  it("says metadata before fields", () => {
    const event = eventOf({ type: "text", text: "sold", fields: { item: 1 } }, "notice", { request: "r1" });
    expect(prettyEvent(event)).toBe("00:00:00.000 notice  sold  request=r1  item=1\n");
  });

  it("tells a crash with all that is known", () => {
    const report = crashOf("boom", { state: { sent: 1 }, handling: "deliver", queueLength: 4, waiting: [1, 2, 3] });
    const text = prettyEvent(eventOf({ type: "crash", report, lines: [textEvent("delivering")] }));
    expect(text).toBe(
      [
        `✝ mailer ${String(report.pid)} mailer ended unexpectedly   00:00:00.000  node lab`,
        '  reason     "boom"',
        '  handling   "deliver"',
        '  state      {"sent":1}   before that message',
        "  mailbox    4 waiting, lost: 1 · 2 · 3",
        "  last lines 00:00:00.000 info    delivering",
        "  work       3 reductions in 7 ms",
        "",
      ].join("\n"),
    );
  });

  it("tells what the supervisor has decided at the end of the crash", () => {
    const supervision = { supervisor: "root", decision: FORGET, restartedAs: undefined };
    const text = prettyEvent(eventOf({ type: "crash", report: crashOf("boom"), lines: [], supervision }));
    expect(text).toMatch(/\n {2}work .*\n {2}supervisor root: not restarted, as it is temporary\n$/);
  });

  it.each<[string, Report["details"], string]>([
    [
      "child_terminated",
      { ...DETAILS, decision: FORGET },
      '! supervisor root: child mailer <0.7.0> has ended: "boom", not restarted, as it is temporary',
    ],
    ["start_error", DETAILS, '! supervisor root: child mailer <0.7.0> does not start: "boom"'],
    ["shutdown", DETAILS, '! supervisor root gives up: "boom", last by child mailer <0.7.0>'],
    ["shutdown_error", DETAILS, '! supervisor root: child mailer <0.7.0> has not ended as it was told to: "boom"'],
    ["progress", { supervisor: "root", started: { id: 1 } }, "! supervisor root has started child 1"],
    ["something", { a: 1 }, "! something  a=1"],
  ])("says of a report %s what it means", (label, details, text) => {
    const report = { label, level: "error", details } as const;
    expect(prettyEvent(eventOf({ type: "report", report }))).toBe(`${text}   00:00:00.000  node lab\n`);
  });

  it("tells repeats by a number", () => {
    const of = eventOf({ type: "crash", report: crashOf("boom"), lines: [] });
    expect(prettyEvent(eventOf({ type: "repeat", of, count: 13, withinMs: 10_000 }))).toBe(
      '✝ mailer ended unexpectedly: "boom"   ×13 more in 10 s\n',
    );
  });

  it("tells a stray error", () => {
    expect(prettyEvent(eventOf({ type: "stray", error: "boom", pid: null }))).toBe(
      '! stray error of no process   00:00:00.000  node lab\n  reason     "boom"\n',
    );
  });
});
