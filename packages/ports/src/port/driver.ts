// The outside half of a port: what knows the operating system and nothing of processes.
//
// A driver never calls a port with data. It says that something may have changed, and the port asks: so a port that is slow, or has nobody
// to deliver to, leaves the bytes where they are, and the peer is held up by its own operating system.

import type { StartTls } from "../net/tls.ts";
import type { Details } from "./details.ts";

/** Anything of the outside world that a process can hold. */
export interface Held {
  /** What it is, for people: `"tcp 127.0.0.1:7000"`. */
  readonly label: string;
  readonly state: DriverState;
  /** Lets go at once. */
  destroy(): void;
  /** Calls `changed` whenever the driver may have something new. */
  listen(changed: () => void): void;
}

/** Where a driver is in its life. A failed one never was open. */
export type DriverState =
  | { readonly type: "opening" }
  | { readonly type: "open" }
  | { readonly type: "failed"; readonly code: string };

/** What a port needs to know of its driver, whatever comes and goes through it. */
export interface Carrier extends Held {
  /** Whether nothing more will come. */
  readonly hasEnded: boolean;
  /** The code of what went wrong with reading; null while all is well. */
  readonly readFailure: string | null;
  /** The same for writing. */
  readonly writeFailure: string | null;
  /** Whether the outside wants no more for the moment. */
  readonly isFull: boolean;
  /** Nothing more will be written; the reading side stays. */
  closeWrite(): void;
  /** What this kind of driver can tell beyond that. */
  readonly details?: Partial<Details>;
  /**
   * Where each packet goes out or fails by itself: takes those that were written and have been settled since, with the code of what went
   * wrong. Nothing is full then; a write waits for its own packet.
   */
  takeSettled?(): readonly Settled[];
  /** Goes over to TLS: it is opening once more, until it is open or has failed. Missing where nothing can. @returns whether it does */
  secure?(tls: StartTls): boolean;
  /** Exit status of what is behind the port, once there is one. */
  readonly exitStatus: number | null;
  /** Lets go in order: what was written is flushed first, for a bounded time. A `destroy` after that does not cut it short. */
  close(): void;
}

/** A packet that was written, as it was handed over, and what became of it. */
export interface Settled {
  readonly packet: unknown;
  /** Null when it is out. */
  readonly code: string | null;
}

/** A stream of bytes, or with another `P` a source and sink of whole packets. */
export interface Driver<P = Uint8Array> extends Carrier {
  /** Takes what has come; null when there is nothing now. */
  read(): P | null;
  /** Hands over `data`, which does not change. */
  write(data: P): void;
  /** Where another can go on with the same source: takes what was read, and not used, by a port that ends in order. */
  takeBack?(rest: P): void;
}
