import { createNode, type Self, send, spawnOpt } from "@krarup/core";
import { manualPlatform } from "@krarup/core/manual";
import { describe, expect, it } from "vitest";
import { Agenda } from "../../src/time/agenda.ts";
import { Clockwork } from "../../src/time/clockwork.ts";
import { simulatedPlatform } from "../../src/time/platform.ts";
import type { Steps } from "../stage.ts";

describe("settle", () => {
  it.each([
    ["sends to itself", talkToItself],
    ["awaits", awaitAgain],
  ])("fails when a process %s without end", async (_what, body) => {
    const clockwork = new Clockwork(new Agenda(), 50);
    const manual = manualPlatform();
    clockwork.add(manual);
    spawnOpt(body, [], { node: createNode({ platform: simulatedPlatform(manual, clockwork), reports: "none" }) });
    await expect(clockwork.settle()).rejects.toThrow("Cannot make the program quiet at 0 ms as for 50 ms somebody");
  });
});

function* talkToItself(self: Self<number>): Steps<void> {
  for (;;) {
    send(self, 1);
    yield* self.receive();
  }
}

function* awaitAgain(self: Self<number>): Steps<void> {
  for (;;) yield* self.await(Promise.resolve());
}
