import {
  type AnyPid,
  createNode,
  exit,
  logger,
  type Node,
  spawnOpt,
  streamHandler,
  type StreamHandlerOptions,
} from "@krarup/core";
import { manualPlatform, type ManualPlatform } from "@krarup/core/manual";
import { describe, expect, it } from "vitest";
import { idle } from "../../laboratory.ts";

interface Stage {
  readonly platform: ManualPlatform;
  readonly node: Node;
  /** A process for whose sake the program goes on. */
  readonly program: AnyPid;
  /** Bytes that the reader of stderr has not taken. */
  backlogBytes: number;
  /** Lets a process do `act`, and runs until quiet. */
  do(act: () => void): void;
  /** The lines since the last call, without their times. */
  take(): string[];
}

/** A node with one stream handler. */
function open(options: StreamHandlerOptions = {}): Stage {
  const platform = manualPlatform({ write: (stream, text) => written.push(`${stream} ${text}`) });
  const written: string[] = [];
  const behind = Object.assign(platform, { backlogBytes: () => stage.backlogBytes });
  const node = createNode({ platform: behind, name: "lab", reports: "none" });
  const stage: Stage = {
    platform,
    node,
    program: spawnOpt(idle, [], { node }),
    backlogBytes: 0,
    do(act) {
      spawnOpt(() => act(), [], { node });
      platform.settle();
    },
    take: () => written.splice(0).map((text) => text.replaceAll(/\d\d:\d\d:\d\d\.\d{3} /g, "").trimEnd()),
  };
  const format: StreamHandlerOptions["format"] = ({ message }) =>
    `${message.type === "text" ? message.text : message.type}\n`;
  stage.do(() => logger.addHandler("mine", streamHandler({ format, ...options })));
  return stage;
}

const say =
  (...texts: string[]) =>
  () => {
    for (const text of texts) logger.info(text);
  };

describe("streamHandler", () => {
  it("writes at once, to stderr unless told otherwise", () => {
    const stage = open();
    stage.do(say("one", "two"));
    expect(stage.take()).toEqual(["stderr one", "stderr two"]);
    const other = open({ stream: "stdout" });
    other.do(say("one"));
    expect(other.take()).toEqual(["stdout one"]);
  });

  it("queues what the reader is too slow for, in order, and drops and counts what is too much", () => {
    const stage = open({ queueLengthMax: 2 });
    stage.backlogBytes = 65_537;
    stage.do(say("one", "two", "three", "four"));
    stage.platform.advance(1_000);
    expect(stage.take()).toEqual([]);
    stage.backlogBytes = 0;
    stage.platform.advance(100);
    expect(stage.take()).toEqual([
      "stderr one",
      "stderr two",
      "stderr 2 events dropped: the reader of stderr was behind",
    ]);
    stage.do(say("five"));
    expect(stage.take()).toEqual(["stderr five"]);
  });

  it("drops and counts what is more than the burst limit", () => {
    const stage = open({ burst: { maxCount: 2, windowMs: 100 } });
    stage.do(say("one", "two", "three", "four"));
    expect(stage.take()).toEqual(["stderr one", "stderr two"]);
    stage.platform.advance(1_000);
    expect(stage.take()).toEqual(["stderr 2 events dropped: more than the burst limit"]);
  });

  it("folds repeats, and leaves no process behind when there is nothing more to tell", () => {
    const stage = open();
    for (let round = 0; round < 3; round++)
      stage.do(function fragile() {
        throw new Error("boom");
      });
    expect(stage.take()).toEqual(["stderr crash"]);
    stage.platform.advance(9_000);
    expect(stage.take()).toEqual([]);
    stage.platform.advance(2_000);
    expect(stage.take()).toEqual(["stderr repeat"]);
    expect(stage.node.processCount).toBe(1);
  });

  it("keeps nobody alive, and tells what it has kept back when nobody is left", () => {
    const stage = open({ burst: { maxCount: 1 } });
    stage.do(say("one", "two"));
    expect([stage.node.processCount, stage.platform.isKeptAlive]).toEqual([2, true]);
    expect(stage.take()).toEqual(["stderr one"]);
    exit(stage.program, "kill");
    stage.platform.settle();
    expect([stage.node.processCount, stage.platform.isKeptAlive]).toEqual([1, false]);
    expect(stage.take()).toEqual(["stderr 1 events dropped: more than the burst limit"]);
  });

  it("tells everything when it is flushed or removed", () => {
    const stage = open({ burst: { maxCount: 1 } });
    stage.do(say("one", "two"));
    stage.do(() => logger.flush());
    expect(stage.take()).toEqual(["stderr one", "stderr 1 events dropped: more than the burst limit"]);
    stage.backlogBytes = 65_537;
    stage.platform.advance(1_000);
    stage.do(say("three"));
    stage.do(() => logger.removeHandler("mine"));
    expect(stage.take()).toEqual(["stderr three"]);
  });

  it("goes on where no process can be had", () => {
    const stage = open({ burst: { maxCount: 1, windowMs: 100 } });
    stage.do(say("one", "two"));
    stage.node.halt();
    expect(stage.take()).toEqual(["stderr one", "stderr 1 events dropped: more than the burst limit"]);
    expect(() => stage.node.reportStray("late", null)).not.toThrow();
  });
});
