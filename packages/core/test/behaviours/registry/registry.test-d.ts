import { type Pid, Registry, type RegistryEntry, type RegistryPid } from "@krarup/core";
import { describe, expectTypeOf, it } from "vitest";

declare const rooms: RegistryPid<readonly ["room", number], { seats: number }, string>;
declare const plain: RegistryPid<string>;

describe("a registry", () => {
  it("takes keys and values of its types only", () =>
    void function () {
      Registry.register(rooms, ["room", 1], { seats: 2 });
      Registry.register(plain, "k");
      // @ts-expect-error the value is missing
      Registry.register(rooms, ["room", 1]);
      // @ts-expect-error it has no seats
      Registry.register(rooms, ["room", 1], {});
      // @ts-expect-error the key is a pair
      Registry.lookup(rooms, "room");
    });

  it("gives back what was put in", () =>
    void function () {
      expectTypeOf(Registry.lookup(rooms, ["room", 1])).toEqualTypeOf<RegistryEntry<{ seats: number }, string>[]>();
      expectTypeOf(Registry.whereisName(rooms, ["room", 1])).toEqualTypeOf<Pid<string> | undefined>();
      expectTypeOf(Registry.keys(plain, rooms)).toEqualTypeOf<string[]>();
    });

  it("is no other registry", () =>
    void function () {
      // @ts-expect-error its keys are strings
      const other: typeof rooms = plain;
      return other;
    });
});
