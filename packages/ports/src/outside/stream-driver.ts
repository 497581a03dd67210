// The driver of everything that Node has as streams. The readable side is never made to flow: bytes stay in it until the port reads,
// and once it holds as much as it may (64 KiB for a socket) Node stops reading from the kernel.

import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { TLSSocket } from "node:tls";
import type { StartTls } from "../net/tls.ts";
import type { Details } from "../port/details.ts";
import type { Driver, DriverState } from "../port/driver.ts";
import { FLUSH_MS } from "../port/limits.ts";
import { codeOf } from "../port/port-error.ts";
import { tlsInfoOf } from "./tls-security.ts";
import { upgrade } from "./tls-upgrade.ts";

/** The two sides of a stream; for a socket they are one object. Either may be missing. */
export interface Sides {
  readonly source: Readable | null;
  readonly sink: Writable | null;
}

/** A socket as the two sides of a stream. What keeps the program alive are its processes, never a socket. */
export function sidesOf(socket: Socket): Sides {
  socket.unref();
  return { source: socket, sink: socket };
}

/** A driver over streams. */
export class StreamDriver implements Driver {
  readonly label: string;
  exitStatus: number | null = null;
  state: DriverState;
  readFailure: string | null = null;
  writeFailure: string | null = null;
  #source: Readable | null = null;
  #sink: Writable | null = null;
  #changed: () => void = () => undefined;
  #hasEnded: boolean;
  #isClosing = false;

  constructor(label: string, sides: Sides, state: DriverState) {
    this.label = label;
    this.state = state;
    this.#hasEnded = sides.source === null;
    this.#attach(sides);
  }

  /** Streams that were given up for others, when TLS came, are heard no more. */
  #attach({ source, sink }: Sides): void {
    this.#source = source;
    this.#sink = sink;
    source?.on("readable", () => this.changed());
    source?.on("end", () => source === this.#source && this.#end());
    source?.on("close", () => source === this.#source && this.#sourceClosed(source));
    source?.on("error", (error) => source === this.#source && this.#failReading(codeOf(error)));
    sink?.on("drain", () => this.changed());
    sink?.on("close", () => sink === this.#sink && this.#sinkClosed(sink));
    sink?.on("error", (error) => sink === this.#sink && this.#failWriting(codeOf(error)));
  }

  secure(tls: StartTls): boolean {
    const raw = this.#source;
    if (!(raw instanceof Socket) || raw instanceof TLSSocket || this.#hasEnded) return false;
    this.state = { type: "opening" };
    upgrade(raw, tls, {
      secured: (socket) => {
        this.#attach(sidesOf(socket));
        this.opened();
      },
      failed: (error) => {
        this.failed(codeOf(error));
        raw.destroy();
      },
    });
    return true;
  }

  /** Call when the stream can be used. */
  opened(): void {
    if (this.state.type !== "opening") return;
    this.state = { type: "open" };
    this.changed();
  }

  /** Call when it turns out that it never will. */
  failed(code: string): void {
    if (this.state.type !== "opening") return;
    this.state = { type: "failed", code };
    this.changed();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get details(): Partial<Details> {
    return this.#source instanceof TLSSocket ? { tls: tlsInfoOf(this.#source) } : {};
  }

  read(): Uint8Array | null {
    const chunk: unknown = this.#source?.read();
    // A stream that was given to us may have been told to decode.
    if (typeof chunk === "string") return Buffer.from(chunk);
    return chunk instanceof Uint8Array ? chunk : null;
  }

  write(bytes: Uint8Array): void {
    if (this.writeFailure !== null) return;
    if (this.#sink === null || this.#sink.writableEnded) this.writeFailure = "epipe";
    else this.#sink.write(bytes);
  }

  get isFull(): boolean {
    return this.#sink?.writableNeedDrain === true;
  }

  closeWrite(): void {
    this.#sink?.end();
  }

  close(): void {
    this.#isClosing = true;
    const sink = this.#sink;
    if (sink === null || sink.destroyed || sink.writableFinished) return this.#drop();
    const timer = setTimeout(() => this.#drop(), FLUSH_MS);
    const finish = (): void => {
      clearTimeout(timer);
      this.#drop();
    };
    sink.once("finish", finish);
    sink.once("close", finish);
    sink.end();
  }

  destroy(): void {
    if (!this.#isClosing) this.#drop();
  }

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  /** Call when something may have changed. */
  protected changed(): void {
    this.#changed();
  }

  #drop(): void {
    this.#source?.destroy();
    this.#sink?.destroy();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.failed("closed");
    this.changed();
  }

  /** A stream that somebody else destroys ends without an "end": a part must not look like the whole. */
  #sourceClosed(source: Readable): void {
    if (!source.readableEnded && !this.#isClosing) this.#failReading("err_stream_premature_close");
    this.#end();
  }

  #sinkClosed(sink: Writable): void {
    if (!sink.writableFinished && !this.#isClosing) this.#failWriting("epipe");
  }

  #failReading(code: string): void {
    this.readFailure ??= code;
    this.failed(code);
    this.changed();
  }

  #failWriting(code: string): void {
    this.writeFailure ??= code;
    this.failed(code);
    this.changed();
  }
}
