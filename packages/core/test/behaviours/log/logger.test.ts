import { dictionaryKey, LOG_LEVELS, type LogEvent, logger, type LogLevel, type Self } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { LINES_PER_PROCESS_MAX } from "../../../src/behaviours/log/log-lines.ts";
import { laboratory, type Laboratory } from "../../laboratory.ts";

interface Listening extends Laboratory {
  readonly events: LogEvent[];
  readonly texts: () => unknown[];
}

function listening(): Listening {
  const lab = laboratory();
  const events: LogEvent[] = [];
  lab.play(function* () {
    logger.addHandler("array", { log: (event) => void events.push(event) });
  });
  const texts = (): unknown[] => events.map(({ message }) => message.type === "text" && message.text);
  return { ...lab, events, texts };
}

describe("logger", () => {
  it("has a function for each of OTP's levels", () => {
    const { play, events } = listening();
    play(function* () {
      logger.setPrimaryLevel("all");
      for (const level of LOG_LEVELS) logger[level]("hello");
      logger.log("notice", "hello");
    });
    expect(events.map(({ level }) => level)).toEqual([...LOG_LEVELS, "notice"]);
  });

  it("says who logs, when and where, with the fields as they were", () => {
    const { run, events, platform } = listening();
    platform.advance(1_500);
    const fields = { list: [1] };
    const pid = run(function* () {
      logger.info("hello", fields);
      fields.list.push(2);
    });
    expect(events).toEqual([
      {
        level: "info",
        message: { type: "text", text: "hello", fields: { list: [1] } },
        metadata: { time: 1_500, node: "nonode@nohost", pid, name: undefined },
      },
    ]);
  });

  it("takes any fields, describing what cannot be sent", () => {
    const { play, events } = listening();
    play(function* () {
      logger.info("hello", { run: () => 1 });
      const trap = {
        get door(): never {
          throw new Error("locked");
        },
      };
      logger.info("hello", trap);
    });
    expect(events[0]?.message).toMatchObject({ fields: { run: "a function" } });
    expect(events[1]?.message).toMatchObject({ fields: { fields: "an instance of Object" } });
  });

  it("lets through what the primary level allows, info unless told otherwise, and makes no text for the rest", () => {
    const { play, texts } = listening();
    let made = 0;
    play(function* () {
      const text = (): string => `made ${++made}`;
      logger.debug(text);
      logger.info(text);
      logger.setPrimaryLevel("warning");
      logger.notice(text);
      logger.warning(text);
      expect([logger.primaryLevel(), logger.allows("error"), logger.allows("info")]).toEqual(["warning", true, false]);
      logger.setPrimaryLevel("none");
      logger.emergency(text);
    });
    expect(texts()).toEqual(["made 1", "made 2"]);
  });

  it("refuses levels that do not exist", () => {
    const { play } = listening();
    play(function* () {
      // What does not compile may still arrive from JavaScript.
      const wrong = "loud" as LogLevel;
      expect(() => logger.log(wrong, "hello")).toThrow("Cannot log as the level must be one of emergency, alert");
      expect(() => logger.setPrimaryLevel(wrong)).toThrow("Cannot log as the level must be");
    });
  });

  it("gives each process metadata of its own", () => {
    const { play, events } = listening();
    play(function* () {
      logger.setProcessMetadata({ request: 1, user: "agner" });
      logger.updateProcessMetadata({ request: 2 });
      expect(logger.processMetadata()).toEqual({ request: 2, user: "agner" });
      logger.info("one");
      logger.unsetProcessMetadata();
      logger.info("two");
    });
    play(function* () {
      logger.info("three");
    });
    expect(events.map(({ metadata }) => [metadata["request"], metadata["user"]])).toEqual([
      [2, "agner"],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it("cannot be told by metadata who logs", () => {
    const { run, events } = listening();
    const pid = run(function* (self: Self) {
      self.put(dictionaryKey("unrelated"), 1);
      logger.setProcessMetadata({ pid: "somebody else" });
      logger.info("one");
    });
    expect(events[0]?.metadata.pid).toBe(pid);
  });

  it("remembers the last lines of each process, also when it has ended, redacted", () => {
    const { run, play } = listening();
    const pid = run(function* () {
      for (let line = 0; line < LINES_PER_PROCESS_MAX + 5; line++) logger.info(`line ${line}`, { token: line });
    });
    play(function* () {
      const lines = logger.lastLines(pid);
      expect(lines).toHaveLength(LINES_PER_PROCESS_MAX);
      expect(lines[0]?.message).toMatchObject({ text: "line 5", fields: { token: "[redacted]" } });
    });
  });

  it("adds, changes and removes handlers and filters, and says what it finds", () => {
    const { play, texts } = listening();
    play(function* () {
      const handler = { log: () => undefined };
      expect([logger.addHandler("two", handler), logger.addHandler("two", handler)]).toEqual(["ok", "already_exists"]);
      expect([logger.removeHandler("two"), logger.removeHandler("two")]).toEqual(["ok", "not_found"]);
      expect([logger.updateHandler("two", {}), logger.updateHandler("array", { level: "error" })]).toEqual([
        "not_found",
        "ok",
      ]);
      logger.warning("not for the array");
      logger.addPrimaryFilter("none", () => "stop");
      logger.error("stopped");
      expect([logger.removePrimaryFilter("none"), logger.removePrimaryFilter("none")]).toEqual([true, false]);
      logger.error("one");
    });
    expect(texts()).toEqual(["one"]);
  });

  it("takes other keys out, and lets the hook change what leaves", () => {
    const { play, events } = listening();
    play(function* () {
      logger.setPrivacy({
        redact: ["drawer"],
        sanitize: (event) =>
          event.level === "debug" ? "stop" : { ...event, metadata: { ...event.metadata, isClean: true } },
      });
      logger.setPrimaryLevel("all");
      logger.debug("not this");
      logger.info("till", { drawer: 3, password: "x" });
    });
    expect(events).toMatchObject([
      { message: { fields: { drawer: "[redacted]", password: "x" } }, metadata: { isClean: true } },
    ]);
  });
});
