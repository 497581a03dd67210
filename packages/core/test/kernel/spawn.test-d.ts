import { type AnyPid, type Pid, type Ref, type Self, spawn, spawnLink, spawnMonitor, spawnOpt } from "@krarup/core";
import { expectTypeOf, it } from "vitest";

function* greeter(self: Self<string>, greeting: string, times: number) {
  for (let i = 0; i < times; i++) greeting += yield* self.receive();
}

it("the pid understands what the body receives", () => {
  expectTypeOf(spawn(greeter, "hello", 3)).toEqualTypeOf<Pid<string>>();
  expectTypeOf(spawnLink(greeter, "hello", 3)).toEqualTypeOf<Pid<string>>();
  expectTypeOf(spawnMonitor(greeter, "hello", 3)).toEqualTypeOf<readonly [Pid<string>, Ref]>();
  expectTypeOf(spawnOpt(greeter, ["hello", 3], { priority: "low" })).toEqualTypeOf<Pid<string>>();
});

it("the arguments are those of the body", () => {
  // @ts-expect-error: the second argument is missing.
  spawn(greeter, "hello");
  // @ts-expect-error: times is a number.
  spawn(greeter, "hello", "three");
  // @ts-expect-error: there is no third argument.
  spawn(greeter, "hello", 3, true);
  // @ts-expect-error: times is a number.
  spawnOpt(greeter, ["hello", "three"], {});
});

it("a body that receives nothing gives a pid to which nothing can be sent", () => {
  expectTypeOf(spawn(function* () {})).toEqualTypeOf<AnyPid>();
});

it("async and plain functions are bodies", () => {
  expectTypeOf(spawn(async (self: Self<number>) => void (await self.receive()))).toEqualTypeOf<Pid<number>>();
  expectTypeOf(spawn((self: Self<number>) => void self)).toEqualTypeOf<Pid<number>>();
});

it("a generator that yields something else is no body", () => {
  // @ts-expect-error: it yields a number, and no operation.
  spawn(function* () {
    yield 5;
  });
});

it("options are checked", () => {
  // @ts-expect-error: there is no such priority.
  spawnOpt(function* () {}, [], { priority: "urgent" });
  // @ts-expect-error: a bounded mailbox needs its bound.
  spawnOpt(function* () {}, [], { mailbox: { whenFull: "exit" } });
});
