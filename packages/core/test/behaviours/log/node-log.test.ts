import { type LogEvent, logger, register, type Self } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory, type Laboratory } from "../../laboratory.ts";

interface Logged extends Laboratory {
  readonly events: LogEvent[];
}

/** A laboratory whose log ends in an array. */
function logged(reports: "none" | "stderr" = "none"): Logged {
  const lab = laboratory({ reports });
  const events: LogEvent[] = [];
  lab.play(function* () {
    logger.addHandler("array", { log: (event) => void events.push(event) });
  });
  return { ...lab, events };
}

/** What was said, the text of texts and the type of the rest. */
function said(events: readonly LogEvent[]): string[] {
  return events.map(({ message }) => (message.type === "text" ? message.text : message.type));
}

describe("the log of a node", () => {
  it("hears of crashes, stray errors and reports", () => {
    const { node, run, platform, events } = logged();
    const pid = run(function* fragile(self: Self) {
      register("fragile", self);
      logger.info("about to fall");
      throw new Error("boom");
    });
    platform.raise({ error: "stray", owner: undefined, origin: "uncaught_exception" });
    node.report(null, { label: "note", level: "notice", details: {} });
    node.report(null, { label: "detail", level: "debug", details: {} });
    expect(said(events)).toEqual(["about to fall", "crash", "stray", "report"]);
    expect(events[1]).toMatchObject({
      level: "error",
      message: { lines: [{ message: { text: "about to fall" } }] },
      metadata: { name: "fragile", pid, node: "nonode@nohost" },
    });
    expect(events[3]?.level).toBe("notice");
  });

  it("prints on stderr by a handler that the program can take away", () => {
    const { play, platform } = logged("stderr");
    play(function* () {
      logger.notice("open");
    });
    expect(platform.output).toMatch(/notice {2}open {2}<0\.\d\.\d>\n$/);
    play(function* () {
      expect(logger.handlerIds()).toEqual(["default", "array"]);
      logger.removeHandler("default");
      logger.notice("closed");
    });
    expect(platform.output).not.toContain("closed");
  });

  it("removes a handler that throws, tells the others, and goes on", () => {
    const { play, events } = logged();
    play(function* () {
      logger.addHandler("bad", {
        log() {
          throw new Error("disk full");
        },
      });
      logger.info("one");
      logger.info("two");
      expect(logger.handlerIds()).toEqual(["array"]);
    });
    expect(said(events)).toEqual(["one", "handler bad failed and is removed: Error: disk full", "two"]);
  });

  it("removes a primary filter that throws, and lets the event through", () => {
    const { play, events } = logged();
    play(function* () {
      logger.addPrimaryFilter("bad", () => {
        throw new Error("x");
      });
      logger.info("one");
    });
    expect(said(events)).toEqual(["one", "primary filter bad failed and is removed"]);
  });

  it("keeps an event back with which the sanitize hook throws, and says no more than that", () => {
    const { play, events } = logged();
    play(function* () {
      logger.setPrivacy({
        sanitize(event) {
          if (event.message.type === "text" && event.message.text === "secret") throw new Error("secret");
          return event;
        },
      });
      logger.info("secret");
      logger.info("open");
    });
    expect(said(events)).toEqual(["the sanitize hook failed: an event is kept back", "open"]);
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  it("does not bring back to a handler, a filter or the hook what these log themselves", () => {
    const { play, events } = logged();
    play(function* () {
      logger.addHandler("chatty", { log: () => logger.info("in a handler") });
      logger.addPrimaryFilter("chatty", (event) => {
        logger.info("in a filter");
        return event;
      });
      logger.info("one");
    });
    expect(said(events)).toEqual(["one", "in a handler"]);
  });
});
