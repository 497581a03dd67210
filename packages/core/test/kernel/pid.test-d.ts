import { type Alias, type AnyPid, type Pid, type Self, send } from "@krarup/core";
import { expectTypeOf, it } from "vitest";

type Ping = { readonly type: "ping"; readonly from: Pid<"pong"> };
type Stop = { readonly type: "stop" };

declare const pingOrStop: Pid<Ping | Stop>;
declare const stopOnly: Pid<Stop>;
declare const anyone: AnyPid;
declare const me: Self<"pong">;

it("a pid takes the messages its process understands", () => {
  send(pingOrStop, { type: "ping", from: me });
  send(pingOrStop, { type: "stop" });
});

it("and no others", () => {
  // @ts-expect-error: "halt" is no type of message it understands.
  send(pingOrStop, { type: "halt" });
  // @ts-expect-error: a ping without from is no ping.
  send(pingOrStop, { type: "ping" });
  // @ts-expect-error: a process that only stops does not answer pings.
  send(stopOnly, { type: "ping", from: me });
  // @ts-expect-error: this process understands "pong", so it cannot be where an answer of another kind goes.
  send(me, "ping");
});

it("one that understands more stands where one that understands less is asked for", () => {
  expectTypeOf(pingOrStop).toExtend<Pid<Stop>>();
  expectTypeOf(pingOrStop).toExtend<AnyPid>();
});

it("not the other way round", () => {
  expectTypeOf(stopOnly).not.toExtend<Pid<Ping | Stop>>();
  // @ts-expect-error: who only stops would be sent pings through the wider pid.
  const wider: Pid<Ping | Stop> = stopOnly;
  void wider;
});

it("nothing can be sent to a pid of whom nothing is known", () => {
  // @ts-expect-error: AnyPid understands never.
  send(anyone, "hello");
});

it("a self is the pid of its process", () => {
  expectTypeOf(me).toExtend<Pid<"pong">>();
  expectTypeOf(me).not.toExtend<Pid<"ping">>();
});

it("an alias is typed like a pid", () => {
  const alias = {} as Alias<Stop>;
  send(alias, { type: "stop" });
  // @ts-expect-error: the alias is an address for stops.
  send(alias, { type: "ping", from: me });
});

it("a number, an object, undefined are no destinations", () => {
  // @ts-expect-error: a number is no destination.
  send(5, "x");
  // @ts-expect-error: undefined is no destination: whereis may have found nobody.
  send(undefined as Pid<"x"> | undefined, "x");
});
