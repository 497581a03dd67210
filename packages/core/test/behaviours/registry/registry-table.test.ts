import { type AnyPid, exit, Registry, type RegistryPid, self, type Self, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { idle } from "../../laboratory.ts";
import { live, type Steps } from "../task/task-owner.ts";

type Entries = readonly (readonly [key: unknown, value: unknown])[];

/** A process that registers, and lives. */
function* holder(registry: RegistryPid<unknown, unknown>, ...entries: Entries): Steps<AnyPid> {
  const pid = spawn(function* (me: Self<unknown>) {
    for (const [key, value] of entries) Registry.register(registry, key, value);
    yield* idle(me);
  });
  yield* self().yield();
  return pid;
}

describe("Registry.select", () => {
  it("gives the entries that are wanted, under whatever key, without those of the dead", () => {
    const seen = live(function* () {
      const registry = yield* Registry.start<unknown, unknown>({ keys: "duplicate" });
      yield* holder(registry, ["a", 1], ["a", 2], ["b", 3]);
      const dead = yield* holder(registry, ["a", 9]);
      exit(dead, "kill");
      const odd = Registry.select(registry, ({ value }) => Number(value) % 2 === 1);
      return [odd.map(({ key, value }) => [key, value]), Registry.select(registry, ({ pid }) => pid === dead)];
    });
    expect(seen).toEqual([
      [
        ["a", 1],
        ["b", 3],
      ],
      [],
    ]);
  });

  it("shows copies, and lists a registry with unique keys as well", () => {
    const seen = live(function* () {
      const registry = yield* Registry.start<unknown, { n: number }>({ keys: "unique" });
      Registry.register(registry, ["room", 1], { n: 1 });
      for (const { value } of Registry.select(registry, () => true)) value.n = 7;
      return Registry.select(registry, () => true).map(({ key, value }) => [key, value]);
    });
    expect(seen).toEqual([[["room", 1], { n: 1 }]]);
  });
});

describe("Registry.unregisterMatch", () => {
  it("takes back what matches, and leaves the rest and what others have", () => {
    const seen = live(function* () {
      const registry = yield* Registry.start<unknown, unknown>({ keys: "duplicate" });
      yield* holder(registry, ["a", { kind: "x" }]);
      for (const kind of ["x", "y"]) Registry.register(registry, "a", { kind });
      Registry.unregisterMatch(registry, "a", { kind: "x" });
      return Registry.lookup(registry, "a").map(({ value }) => value);
    });
    expect(seen).toEqual([{ kind: "x" }, { kind: "y" }]);
  });
});
