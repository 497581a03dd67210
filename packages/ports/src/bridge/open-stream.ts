// Streams and iterables of the rest of the ecosystem as ports.

import { Readable, Writable } from "node:stream";
import type { Operation } from "@krarup/core";
import { type Sides, StreamDriver } from "../outside/stream-driver.ts";
import { misuse } from "../port/check-options.ts";
import type { DriverState } from "../port/driver.ts";
import { openPort, type PortOptions } from "../port/open-port.ts";
import { codeOf, type PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";

/** What bytes come from: a stream of Node, a web stream, or anything that can be iterated. A text counts as UTF-8. */
export type ByteSource = Readable | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

/** Where bytes go to: a stream of Node or a web stream. */
export type ByteSink = Writable | WritableStream<Uint8Array>;

/** The two sides of what becomes a port; one may be missing. A Duplex is both. */
export interface ByteStreams {
  readonly source?: ByteSource;
  readonly sink?: ByteSink;
}

/**
 * Makes a port of streams that are there already.
 *
 * @remarks
 * It is a port like any other, with framing and active modes: bytes are taken from `source` when somebody wants them, and `write` waits while
 * `sink` is full. From now on the streams are the port's: nobody else may read, write or destroy them. When the port ends, `source` is
 * destroyed, cancelled or returned, and `sink` is ended, if it is closed in order, or destroyed.
 *
 * A stream that somebody else destroys is an error, not the end: `"err_stream_premature_close"` for readers, `"epipe"` for writers.
 *
 * @returns the port, which belongs to this process; or an error, for a stream that has failed or was destroyed
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for what is no such stream or belongs to another reader or writer already
 *
 * @example
 * ```ts
 * import { spawn } from "@krarup/core";
 * import { openStream, orExit, readLine } from "@krarup/ports";
 *
 * spawn(function* () {
 *   const source = new Blob(["one\ntwo\n"]).stream();
 *   const port = yield* orExit(openStream({ source }));
 *   yield* readLine(port); // => "one"
 *   yield* readLine(port); // => "two"
 * });
 * ```
 */
export function openStream<P = Uint8Array>(
  { source, sink }: ByteStreams,
  options: PortOptions<P> = {},
): Operation<Port<P> | PortError> {
  checkSource(source);
  checkSink(sink);
  return openPort({ kind: "stream", action: "open a stream", timeoutMs: "infinity" }, options, () => {
    const sides = { source: readableOf(source), sink: writableOf(sink) };
    return new StreamDriver("stream", sides, stateOf(sides));
  });
}

function checkSource(source: ByteSource | undefined): void {
  if (source === undefined) return;
  if (typeof source !== "object" || source === null || !(Symbol.asyncIterator in source))
    throw misuse("source must be a readable stream or an AsyncIterable", source);
  if (source instanceof ReadableStream && source.locked) throw misuse("source must not be locked", source);
  if (source instanceof Readable && source.readableObjectMode) throw misuse("source must be a stream of bytes", source);
}

function checkSink(sink: ByteSink | undefined): void {
  if (sink === undefined) return;
  if (!(sink instanceof WritableStream || sink instanceof Writable))
    throw misuse("sink must be a writable stream", sink);
  if (sink instanceof WritableStream && sink.locked) throw misuse("sink must not be locked", sink);
}

function readableOf(source: ByteSource | undefined): Readable | null {
  if (source === undefined) return null;
  if (source instanceof Readable) return source;
  return source instanceof ReadableStream ? Readable.fromWeb(source) : Readable.from(source, { objectMode: false });
}

function writableOf(sink: ByteSink | undefined): Writable | null {
  if (sink === undefined) return null;
  return sink instanceof Writable ? sink : writableOver(sink.getWriter());
}

/** Node's own `fromWeb` closes what is destroyed, so that a part looks like the whole. */
function writableOver(writer: WritableStreamDefaultWriter<Uint8Array>): Writable {
  const writable = new Writable({
    write: (data: Uint8Array, _encoding, finish) => void writer.write(data).then(() => finish(), finish),
    final: (finish) => void writer.close().then(() => finish(), finish),
    destroy: (error, finish) => {
      const settle = (): void => finish(error);
      void writer.abort(error ?? new Error("The port has ended")).then(settle, settle);
    },
  });
  writer.closed.catch((error: Error) => writable.destroy(error));
  return writable;
}

/** A stream that is over tells nobody any more. */
function stateOf({ source, sink }: Sides): DriverState {
  for (const side of [source, sink])
    if (side?.destroyed === true)
      return { type: "failed", code: side.errored === null ? "closed" : codeOf(side.errored) };
  return { type: "open" };
}
