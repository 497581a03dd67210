import type { LogFilter, LogHandler } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { passedBy } from "../../../src/behaviours/log/log-handler.ts";
import { textEvent } from "./logged-event.ts";

const ignore: LogFilter = () => "ignore";
const stop: LogFilter = () => "stop";
const take: LogFilter = (event) => event;
const shout: LogFilter = (event) => ({ ...event, level: "alert" });

function handler(more: Omit<LogHandler, "log">): LogHandler {
  return { ...more, log: () => undefined };
}

describe("passedBy", () => {
  it.each([
    ["warning", "info", false],
    ["warning", "warning", true],
    ["warning", "error", true],
    ["none", "emergency", false],
  ] as const)("a handler of level %s takes %s: %s", (level, of, expected) => {
    expect(passedBy(handler({ level }), textEvent("hello", of)) !== null).toBe(expected);
  });

  it.each([
    ["no filter", {}, true, false],
    ["one that ignores", { ignore }, true, false],
    ["one that stops", { take, stop }, false, false],
    ["one that takes", { ignore, take }, true, true],
  ] as const)("with %s", (_what, filters, byDefault, elseStopped) => {
    const event = textEvent("hello");
    expect(passedBy(handler({ filters }), event) !== null).toBe(byDefault);
    expect(passedBy(handler({ filters, filterDefault: "stop" }), event) !== null).toBe(elseStopped);
  });

  it("hands a changed event to the filters that come after", () => {
    const levels: string[] = [];
    const look: LogFilter = (event) => {
      levels.push(event.level);
      return "ignore";
    };
    expect(
      passedBy(handler({ filters: { look, shout, again: (event) => look(event) } }), textEvent("hello"))?.level,
    ).toBe("alert");
    expect(levels).toEqual(["info", "alert"]);
  });
});
