import { type AnyPid, createNode, genServer, processInfo, type Self, spawnOpt, startServer } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../laboratory.ts";

describe("the arguments of a start", () => {
  it("are copied, as the parameters of a spawn are", () => {
    const { run } = laboratory();
    const config = { limit: 1 };
    const Limiter = genServer({
      init: (given: { limit: number }) => given,
      call: { limit: ({ state }) => state.limit },
    });
    const seen: number[] = [];
    run(function* () {
      const limiter = yield* Limiter.start(config);
      config.limit = 2;
      seen.push(yield* Limiter.call(limiter).limit());
    });
    expect(seen).toEqual([1]);
  });

  it("refuse what cannot travel, and nothing is started", () => {
    const { node, run } = laboratory();
    const module = { init: (make: () => number) => ["ok", make()] as const };
    const codes: unknown[] = [];
    // oxlint-disable-next-line require-yield -- nothing is waited for
    run(function* () {
      codes.push(
        codeOf(() => startServer(module, () => 1)),
        node.processCount,
      );
    });
    expect(codes).toEqual(["ERR_NOT_SENDABLE", 1]);
  });
});

describe("a start by an async body", () => {
  it("is made for that process, on its node, also where there is no default node", async () => {
    const node = createNode({ name: "aside", reports: "none" });
    const Counter = genServer({ init: () => 0 });
    const [starter, parent] = await new Promise<readonly [AnyPid, unknown]>((resolve) => {
      const body = async (self: Self<never>) => {
        const counter = await Counter.start();
        resolve([self, processInfo(counter)?.parent]);
      };
      spawnOpt(body, [], { node });
    });
    node.halt();
    expect(parent === starter).toBe(true);
  });
});
