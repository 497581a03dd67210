import { type AnyPid, exit, monitor, register, type Self, spawn, whereis } from "@krarup/core";
import { recordOf } from "@krarup/core/internal";
import { describe, expect, it } from "vitest";
import { idle, laboratory } from "../laboratory.ts";

describe("a resource", () => {
  it("hears of the end of its holder once, when the name is free and before any monitor tells", () => {
    const { play, node } = laboratory();
    const log: unknown[] = [];
    play(function* (self: Self<unknown>) {
      const holder = spawn(idle);
      register("holder", holder);
      node.resources.hold(recordOf(holder), {
        holderEnded: (ended) => log.push([ended === holder, whereis("holder")]),
      });
      monitor(holder);
      exit(holder, "kill");
      log.push(yield* self.receive({ type: "DOWN" }));
    });
    expect(log).toMatchObject([[true, undefined], { type: "DOWN", reason: "killed" }]);
  });

  it("hears in the order in which it was tied, and only once if tied twice", () => {
    const { run, node } = laboratory();
    const log: string[] = [];
    const holder = recordOf(run(idle));
    const [first, second] = ["first", "second"].map((name) => ({ holderEnded: () => log.push(name) }));
    for (const resource of [second, first, second]) if (resource !== undefined) node.resources.hold(holder, resource);
    exit(holder, "kill");
    expect(log).toEqual(["second", "first"]);
  });

  it("that was untied hears nothing", () => {
    const { run, node } = laboratory();
    const log: AnyPid[] = [];
    const holder = recordOf(run(idle));
    const resource = { holderEnded: (ended: AnyPid) => log.push(ended) };
    node.resources.hold(holder, resource);
    node.resources.letGo(holder, resource);
    exit(holder, "kill");
    expect(log).toEqual([]);
  });
});
