import { genServer, genStatem, processInfo, startServer } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { live } from "./task/task-owner.ts";

const OPTIONS = { label: { shard: 3 }, priority: "high" } as const;

const Server = genServer({ init: () => 0 });
const Machine = genStatem({ init: () => ({ state: "up", data: 0 }), states: { up: {} } });

describe("the options of a spawn", () => {
  it.each([
    ["genServer", () => Server.startOpt([], OPTIONS)],
    ["genStatem", () => Machine.startOpt([], OPTIONS)],
    ["startServer", () => startServer({ init: () => ["ok", 0] }, null, OPTIONS)],
  ] as const)("may be given to the start of a %s", (_kind, start) => {
    const seen = live(function* (me) {
      const info = processInfo(yield* start());
      return [info?.label, info?.priority, info?.parent === me];
    });
    expect(seen).toEqual([{ shard: 3 }, "high", true]);
  });
});
