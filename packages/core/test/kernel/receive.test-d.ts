import { type Down, type Exit, type Pid, type Ref, type Self, type Suspension, type TIMEOUT } from "@krarup/core";
import { expectTypeOf, it } from "vitest";

type Ping = { readonly type: "ping"; readonly n: number };
type Pong = { readonly type: "pong"; readonly text: string };
type Message = Ping | Pong;

declare const self: Self<Message>;

it("receive() gives any message of the process", function* () {
  expectTypeOf(yield* self.receive()).toEqualTypeOf<Message>();
});

it("a pattern narrows", function* () {
  expectTypeOf(yield* self.receive({ type: "ping" })).toEqualTypeOf<Ping>();
  expectTypeOf(yield* self.receive({ type: "pong", text: "x" })).toEqualTypeOf<Pong>();
  expectTypeOf(yield* self.receive({})).toEqualTypeOf<Message>();
});

it("a pattern narrows by a part that was computed", function* () {
  const n: number = 3;
  expectTypeOf(yield* self.receive({ n })).toEqualTypeOf<Ping>();
});

it("a pattern must be able to match", function* () {
  // @ts-expect-error: no message has this type.
  yield* self.receive({ type: "pang" });
  // @ts-expect-error: no message has this key.
  yield* self.receive({ kind: "ping" });
  // @ts-expect-error: n is a number in every message that has it.
  yield* self.receive({ type: "ping", n: "3" });
});

it("a type guard narrows, a plain guard does not", function* () {
  expectTypeOf(yield* self.receive((message) => message.type === "ping")).toExtend<Message>();
  expectTypeOf(yield* self.receive((message): message is Ping => message.type === "ping")).toEqualTypeOf<Ping>();
  expectTypeOf(yield* self.receive((message) => message.type.length > 3)).toEqualTypeOf<Message>();
});

it("a guard sees the messages of the process", function* () {
  // @ts-expect-error: no message has a size.
  yield* self.receive((message) => message.size > 3);
});

it("after adds TIMEOUT", function* () {
  expectTypeOf(yield* self.receive().after(5)).toEqualTypeOf<Message | TIMEOUT>();
  expectTypeOf(yield* self.receive({ type: "ping" }).after(5)).toEqualTypeOf<Ping | TIMEOUT>();
  expectTypeOf(yield* self.receive().after("infinity")).toEqualTypeOf<Message | TIMEOUT>();
  // @ts-expect-error: "forever" is no time.
  yield* self.receive().after("forever");
});

it("what comes through a ref is unknown", function* () {
  expectTypeOf(yield* self.receive({} as Ref)).toEqualTypeOf<unknown>();
});

it("tuples and texts are patterns too", function* () {
  const other = {} as Self<readonly ["ok", number] | readonly ["error", string] | "stop">;
  expectTypeOf(yield* other.receive("stop")).toEqualTypeOf<"stop">();
});

it("signals match like messages where M has them", function* () {
  const watching = {} as Self<Message | Exit | Down>;
  expectTypeOf(yield* watching.receive({ type: "DOWN" })).toEqualTypeOf<Down>();
  expectTypeOf(yield* watching.receive({ type: "EXIT", pid: {} as Pid })).toEqualTypeOf<Exit>();
  // @ts-expect-error: this process cannot receive DOWN.
  yield* self.receive({ type: "DOWN" });
});

it("exits are trapped only where they can be received", () => {
  const trapping = {} as Self<Message | Exit>;
  expectTypeOf(trapping.trapExit()).toEqualTypeOf<boolean>();
  // @ts-expect-error: M does not include Exit, so a trapped exit would be a message that nobody expects.
  self.trapExit();
});

it("a bare yield is refused", () => {
  const body = function* (me: Self<string>): Generator<Suspension, void, void> {
    yield* me.receive();
    // @ts-expect-error: only an operation can suspend a process, by yield*.
    yield 5;
    // @ts-expect-error: the operation itself is no suspension; yield* is meant.
    yield me.receive();
  };
  expectTypeOf(body).returns.toExtend<Generator<Suspension, void, void>>();
});

it("await gives what the promise gives", async () => {
  expectTypeOf(await self.receive()).toEqualTypeOf<Message>();
  expectTypeOf(await self.receive({ type: "ping" })).toEqualTypeOf<Ping>();
  expectTypeOf(await self.await(Promise.resolve(5))).toEqualTypeOf<number>();
  expectTypeOf(await self.await((signal) => Promise.resolve(signal.aborted))).toEqualTypeOf<boolean>();
});
