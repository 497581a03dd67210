// What is said to a port and by a port.

import type { AnyPid, Exit, Pid, Ref, Request } from "@krarup/core";
import type { StartTls } from "../net/tls.ts";
import type { Active } from "./active.ts";
import type { CommandOf } from "./ask.ts";
import type { Details } from "./details.ts";
import type { Want } from "./framing.ts";

/** What came, in active mode. */
export interface Data<P = Uint8Array> {
  readonly type: "data";
  readonly port: Port<P>;
  /** One packet, without its length; a line with its newline. */
  readonly data: P;
}

/** The port has delivered as many messages as `setActive(port, n)` asked for. */
export interface Passive {
  readonly type: "passive";
  readonly port: AnyPid;
}

/** In active mode: the other side has closed; the port has ended. */
export interface Closed {
  readonly type: "closed";
  readonly port: AnyPort;
}

/** In active mode: something went wrong outside; `Closed` follows. */
export interface Failed {
  readonly type: "failed";
  readonly port: AnyPort;
  /** As in a {@link PortError}. */
  readonly code: string;
}

/** The child process behind the port has ended; a child that a signal ended has status 128 + the signal's number, as in a shell. */
export interface ExitStatus {
  readonly type: "exit_status";
  readonly port: AnyPort;
  readonly status: number;
}

/** What a port can send to its owner; its packets are of type `P`. */
export type PortMessage<P = Uint8Array> = Data<P> | Passive | Closed | Failed | ExitStatus;

/** What a port can be asked. */
export type PortCommand =
  | { readonly do: "read"; readonly want: Want | "packet"; readonly timeoutMs: number | "infinity" }
  | { readonly do: "write"; readonly data: unknown; readonly timeoutMs: number | "infinity" }
  | { readonly do: "set_active"; readonly active: Active }
  | { readonly do: "hold_back" }
  | { readonly do: "give"; readonly to: AnyPid }
  | { readonly do: "close_write" }
  | { readonly do: "close" }
  | { readonly do: "info" }
  | { readonly do: "start_tls"; readonly tls: StartTls; readonly timeoutMs: number | "infinity" }
  | { readonly do: "details"; readonly of: keyof Details };

/** What a port is asked. */
export type PortRequest = CommandOf<PortCommand>;

/** Any port, whatever its packets are. */
export type AnyPort = Pid<Request<PortRequest, unknown>>;

declare const packets: unique symbol;

/** What a port's packets are. */
export interface Carries<P> {
  /** Exists for the type checker only. */
  readonly [packets]?: P;
}

/**
 * A stream to and from the outside world: a socket, a child process, a file. It is the pid of the process that serves it.
 *
 * @remarks
 * It can be sent, linked, monitored, registered and ended like any pid. What it does for whoever holds it: `read`, `write` and the others.
 *
 * @typeParam P - what is read from it: bytes, unless its framing makes something else of them
 */
export type Port<P = Uint8Array> = AnyPort & Carries<P>;

/** How a port is doing. */
export interface PortInfo {
  readonly owner: AnyPid;
  readonly active: Active;
  /** Bytes received and sent. */
  readonly input: number;
  readonly output: number;
  /** Bytes received that nobody has taken. */
  readonly buffered: number;
  /** Readers and writers that wait. */
  readonly readers: number;
  readonly writers: number;
}

/** What arrives in the mailbox of a port. */
export type PortInput = Request<PortRequest, unknown> | Exit | DriverChanged | Expired;

/** The driver has something new. */
export interface DriverChanged {
  readonly type: "driver_changed";
}

/** The time of the caller behind `from` is over. */
export interface Expired {
  readonly type: "expired";
  readonly from: Ref;
}
