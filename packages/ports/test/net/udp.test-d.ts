import type { Operation } from "@krarup/core";
import { describe, expectTypeOf, it } from "vitest";
import {
  accept,
  type Change,
  type Datagram,
  type DiskFile,
  type Port,
  type PortError,
  pread,
  read,
  resolve,
  startTls,
  type UdpSocket,
  write,
} from "../../src/index.ts";

declare const socket: UdpSocket;
declare const stream: Port;
declare const file: DiskFile;
declare const watcher: Port<Change>;

describe("a socket for datagrams", () => {
  it("carries datagrams both ways", () => {
    expectTypeOf(read(socket)).toEqualTypeOf<Operation<Datagram | PortError>>();
    expectTypeOf(write(socket, { host: "::1", port: 1, data: new Uint8Array(1) })).toEqualTypeOf<
      Operation<"ok" | PortError>
    >();
  });

  it("takes no bytes without an address", () => {
    // @ts-expect-error a datagram says where it goes
    void write(socket, "text");
    // @ts-expect-error a datagram has data
    void write(socket, { host: "::1", port: 1 });
  });

  it("is no stream that could be secured, and no listener", () => {
    // @ts-expect-error its packets are no bytes
    void startTls(socket, { role: "client", host: "localhost" });
    // @ts-expect-error it accepts nothing
    void accept(socket);
  });
});

describe("other packets and handles", () => {
  it("have types of their own", () => {
    expectTypeOf(read(watcher)).toEqualTypeOf<Operation<Change | PortError>>();
    expectTypeOf(pread(file, 0, 1)).toEqualTypeOf<Operation<Uint8Array | PortError>>();
    // @ts-expect-error a file at hand is read at a position
    void read(file);
    // @ts-expect-error a stream has no positions
    void pread(stream, 0, 1);
  });

  it("are typed by what is asked for", () => {
    expectTypeOf(resolve("a", "mx")).toEqualTypeOf<
      Operation<readonly { readonly exchange: string; readonly priority: number }[] | PortError>
    >();
    // @ts-expect-error there is no such record
    void resolve("a", "any");
  });
});
