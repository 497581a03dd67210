import { call, type From, type Operation, type Pid, reply, type Request, type Self } from "@krarup/core";
import { expectTypeOf, it } from "vitest";

type Add = Request<{ readonly add: number }, number>;
type Read = Request<"read", string>;

declare const server: Pid<Add>;

it("the reply has the server's type", function* () {
  expectTypeOf(yield* call(server, { add: 1 })).toEqualTypeOf<number>();
  expectTypeOf(call(server, { add: 1 })).toEqualTypeOf<Operation<number>>();
});

it("the request must be one that the server takes", () => {
  // @ts-expect-error: this server adds numbers.
  void call(server, { add: "one" });
  // @ts-expect-error: this server does not read.
  void call(server, "read");
  // @ts-expect-error: this process takes no requests at all.
  void call({} as Pid<string>, "read");
});

it("a name says nothing of its server, so the caller does", () => {
  expectTypeOf(call<{ add: number }, number>("adder", { add: 1 })).toEqualTypeOf<Operation<number>>();
});

it("the server must answer with what was promised", function* () {
  const self = {} as Self<Add>;
  const { from, request } = yield* self.receive();
  expectTypeOf(request).toEqualTypeOf<{ readonly add: number }>();
  reply(from, request.add);
  // @ts-expect-error: the caller waits for a number.
  reply(from, "three");
});

it("where a reply goes is no address for anything else", () => {
  expectTypeOf<From<number>>().not.toExtend<From<string>>();
});

it("a server of several requests takes each", () => {
  const both = {} as Pid<Add | Read>;
  expectTypeOf(both).toExtend<Pid<Add>>();
  expectTypeOf(call(both as Pid<Read>, "read")).toEqualTypeOf<Operation<string>>();
});

it("the time limit is milliseconds or infinity", () => {
  void call(server, { add: 1 }, { timeoutMs: "infinity" });
  // @ts-expect-error: there is no such limit.
  void call(server, { add: 1 }, { timeoutMs: "never" });
});
