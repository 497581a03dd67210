import type { Operation, Pid, Self, Suspension } from "@krarup/core";
import type { StandardSchemaV1 } from "@krarup/supervisor";
import { describe, expectTypeOf, it } from "vitest";
import {
  accept,
  type AnyPort,
  close,
  type Closed,
  controllingProcess,
  connect,
  type Data,
  isPortError,
  jsonLines,
  type Listener,
  listen,
  msgpack,
  orExit,
  type Packed,
  type Plain,
  type Port,
  type PortError,
  type PortMessage,
  read,
  readLine,
  setActive,
  startTcpServer,
  type Value,
  write,
} from "../../src/index.ts";

declare const port: Port;
declare const listener: Listener;

describe("operations", () => {
  it("return what they are for, or an error", () => {
    expectTypeOf(connect({ port: 1 })).toEqualTypeOf<Operation<Port | PortError>>();
    expectTypeOf(listen({ path: "socket" })).toEqualTypeOf<Operation<Listener | PortError>>();
    expectTypeOf(accept(listener)).toEqualTypeOf<Operation<Port | PortError>>();
    expectTypeOf(read(port)).toEqualTypeOf<Operation<Uint8Array | PortError>>();
    expectTypeOf(readLine(port)).toEqualTypeOf<Operation<string | PortError>>();
    expectTypeOf(write(port, "text")).toEqualTypeOf<Operation<"ok" | PortError>>();
  });

  it("return no error where orExit makes it an exit", () => {
    expectTypeOf(orExit(connect({ port: 1 }))).toEqualTypeOf<Operation<Port>>();
    expectTypeOf(orExit(readLine(port))).toEqualTypeOf<Operation<string>>();
    expectTypeOf(orExit(write(port, "text"))).toEqualTypeOf<Operation<"ok">>();
  });

  it("leave the good case when the error is excluded", () => {
    const line = "" as string | PortError; // Either may be what came.
    if (!isPortError(line)) expectTypeOf(line).toEqualTypeOf<string>();
  });

  it("take the kind of port they are for", () => {
    // @ts-expect-error A socket accepts nothing.
    void accept(port);
    // @ts-expect-error A listener is not read from.
    void read(listener);
    // @ts-expect-error There are three modes and numbers.
    void setActive(port, "twice");
    // @ts-expect-error An address has a port or a path.
    void connect({ host: "localhost" });
    // @ts-expect-error Only bytes and texts are written.
    void write(port, { json: true });
  });
});

describe("messages", () => {
  it("are told apart by their type", () => {
    const message = {} as PortMessage; // Never looked at when it runs.
    if (message.type === "data") expectTypeOf(message).toEqualTypeOf<Data>();
    if (message.type === "closed") expectTypeOf(message).toEqualTypeOf<Closed>();
    if (message.type === "data") expectTypeOf(message.data).toEqualTypeOf<Uint8Array>();
  });
});

describe("the body of a connection", () => {
  it("receives what its own type says", () => {
    void startTcpServer({
      port: 0,
      *serve(self: Self<PortMessage | "stop">, socket): Generator<Suspension, void, void> {
        expectTypeOf(socket).toEqualTypeOf<Port>();
        expectTypeOf(yield* self.receive()).toEqualTypeOf<PortMessage | "stop">();
      },
    });
    expectTypeOf(port).toExtend<Pid<never>>();
  });
});

describe("a port of values", () => {
  it("is typed by its framing, without a type argument", () => {
    expectTypeOf(connect({ port: 1, framing: jsonLines() })).toEqualTypeOf<Operation<Port<Value<Plain>> | PortError>>();
    expectTypeOf(listen({ port: 1, framing: msgpack() })).toEqualTypeOf<
      Operation<Listener<Value<Packed>> | PortError>
    >();
    expectTypeOf(connect({ port: 1, framing: 4 })).toEqualTypeOf<Operation<Port | PortError>>();
    void startTcpServer({
      port: 0,
      framing: jsonLines({ schema }),
      *serve(_self, socket): Generator<Suspension, void, void> {
        expectTypeOf(socket).toEqualTypeOf<Port<Value<Greeting>>>();
        expectTypeOf(yield* read(socket)).toEqualTypeOf<Value<Greeting> | PortError>();
      },
    });
  });

  it("takes values, and what can be read can be written", () => {
    const greeting: Greeting = { greeting: "hello" };
    void write(values, greeting);
    void write(values, { other: [1, null] });
    // @ts-expect-error JSON has no bytes.
    void write(values, new Uint8Array(1));
    // @ts-expect-error JSON has no functions.
    void write(values, () => 1);
  });

  it("is no port of bytes, and the other way round", () => {
    // @ts-expect-error Its packets are no bytes.
    const bytes: Port = values;
    // @ts-expect-error Its packets are no values.
    const others: Port<Value<Greeting>> = port;
    const any: AnyPort[] = [values, port];
    expectTypeOf([bytes, others, any]).not.toBeNever();
  });

  it("can be closed, handed over and looked at like any other", () => {
    expectTypeOf(close(values)).toEqualTypeOf<Operation<"ok">>();
    expectTypeOf(controllingProcess(values, values)).toEqualTypeOf<Operation<"ok" | PortError>>();
  });

  it("sends messages with values", () => {
    const message = {} as PortMessage<Value<Greeting>>; // Never looked at when it runs.
    if (message.type === "data") expectTypeOf(message.data.value).toEqualTypeOf<Greeting>();
  });
});

interface Greeting {
  readonly greeting: string;
}
declare const values: Port<Value<Greeting>>;
declare const schema: StandardSchemaV1<unknown, Greeting>;
