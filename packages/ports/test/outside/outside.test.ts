import { createNode, spawnOpt } from "@krarup/core";
import { manualPlatform } from "@krarup/core/manual";
import { describe, expect, it } from "vitest";
import { connect, spawnExecutable } from "../../src/index.ts";
import { type Driver, setOutside } from "../../src/internal.ts";

/** A driver that never opens. */
const REFUSED: Driver = {
  label: "nothing",
  state: { type: "failed", code: "econnrefused" },
  hasEnded: true,
  readFailure: null,
  writeFailure: null,
  isFull: false,
  exitStatus: null,
  read: () => null,
  write: () => undefined,
  closeWrite: () => undefined,
  close: () => undefined,
  destroy: () => undefined,
  listen: () => undefined,
};

describe("setOutside", () => {
  it("has the ports of a node, and of no other, open in the rooms given", () => {
    const platform = manualPlatform();
    const node = createNode({ platform });
    const addresses: unknown[] = [];
    const connectHere = (address: unknown): Driver => {
      addresses.push(address);
      return REFUSED;
    };
    setOutside(node, { streams: { connect: connectHere, listen: () => unexpected() } });
    const answers: unknown[] = [];
    spawnOpt(
      function* () {
        answers.push(yield* connect({ host: "example.org", port: 80 }));
      },
      [],
      { node },
    );
    platform.settle();
    expect(answers).toEqual([
      { type: "error", code: "econnrefused", message: "Cannot connect to tcp example.org:80: econnrefused" },
    ]);
    expect(addresses).toEqual([{ host: "example.org", port: 80 }]);
  });

  it("closes the rooms that are not given", () => {
    const platform = manualPlatform();
    const node = createNode({ platform, reports: "none" });
    setOutside(node, {});
    const reasons: unknown[] = [];
    node.subscribe(["exit"], (event) => event.type === "exit" && reasons.push(event.reason));
    spawnOpt(
      function* () {
        yield* spawnExecutable("true");
      },
      [],
      { node },
    );
    platform.settle();
    expect(reasons).toHaveLength(2);
    expect(reasons).toEqual([
      expect.objectContaining({ code: "ERR_NO_OUTSIDE", value: "children" }),
      expect.objectContaining({ code: "ERR_NO_OUTSIDE", value: "children" }),
    ]);
  });
});

function unexpected(): never {
  throw new Error("nobody listens here");
}
