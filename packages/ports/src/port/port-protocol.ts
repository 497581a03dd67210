// What is said to a port and by a port.

import type { AnyPid, Exit, Pid, Ref, Request } from "@krarup/core";
import type { Active } from "./active.ts";
import type { CommandOf } from "./ask.ts";
import type { Want } from "./framing.ts";

/** What came, in active mode. */
export interface Data {
  readonly type: "data";
  readonly port: Port;
  /** One packet, without its length; a line with its newline. */
  readonly data: Uint8Array;
}

/** The port has delivered as many messages as `setActive(port, n)` asked for. */
export interface Passive {
  readonly type: "passive";
  readonly port: AnyPid;
}

/** In active mode: the other side has closed; the port has ended. */
export interface Closed {
  readonly type: "closed";
  readonly port: Port;
}

/** In active mode: something went wrong outside; `Closed` follows. */
export interface Failed {
  readonly type: "failed";
  readonly port: Port;
  /** As in a {@link PortError}. */
  readonly code: string;
}

/** The child process behind the port has ended; a child that a signal ended has status 128 + the signal's number, as in a shell. */
export interface ExitStatus {
  readonly type: "exit_status";
  readonly port: Port;
  readonly status: number;
}

/** What a port can send to its owner. */
export type PortMessage = Data | Passive | Closed | Failed | ExitStatus;

/** What a port can be asked. */
export type PortCommand =
  | { readonly do: "read"; readonly want: Want | "packet"; readonly timeoutMs: number | "infinity" }
  | { readonly do: "write"; readonly data: Uint8Array; readonly timeoutMs: number | "infinity" }
  | { readonly do: "set_active"; readonly active: Active }
  | { readonly do: "hold_back" }
  | { readonly do: "give"; readonly to: AnyPid }
  | { readonly do: "close_write" }
  | { readonly do: "close" }
  | { readonly do: "info" };

/** What a port is asked. */
export type PortRequest = CommandOf<PortCommand>;

/**
 * A stream of bytes to and from the outside world: a socket, a child process, a file. It is the pid of the process that serves it.
 *
 * @remarks
 * It can be sent, linked, monitored, registered and ended like any pid. What it does for whoever holds it: `read`, `write` and the others.
 */
export type Port = Pid<Request<PortRequest, unknown>>;

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
