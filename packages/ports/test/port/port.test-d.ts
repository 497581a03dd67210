import type { Operation, Pid, Self, Suspension } from "@krarup/core";
import { describe, expectTypeOf, it } from "vitest";
import {
  accept,
  type Closed,
  connect,
  type Data,
  isPortError,
  type Listener,
  listen,
  orExit,
  type Port,
  type PortError,
  type PortMessage,
  read,
  readLine,
  setActive,
  startTcpServer,
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
