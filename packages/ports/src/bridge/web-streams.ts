// Ports as web streams, for code outside any process: `fetch`, compression, whatever takes such streams.

import type { Port } from "../port/port-protocol.ts";
import type { Written } from "../port/value-framing.ts";
import { closeFor, END, nextPacket, tell } from "./on-behalf.ts";

/**
 * What comes to a port, as a web stream. The port goes on belonging to its owner, and ends with it.
 *
 * @remarks
 * A packet is read when the stream's reader waits for one, so a slow reader holds up the peer. The end of the port's stream closes it; an
 * error of the port, or its death, is the stream's error, with the port's code in capitals. `cancel` closes the port.
 *
 * @see {@link https://developer.mozilla.org/docs/Web/API/ReadableStream | ReadableStream}
 */
export function readableStream<P>(port: Port<P>): ReadableStream<P> {
  return new ReadableStream<P>(
    {
      async pull(controller) {
        const packet = await nextPacket(port);
        if (packet === END) controller.close();
        // Anything else that a port answers to a read is one of its packets.
        else controller.enqueue(packet as P);
      },
      cancel: () => closeFor(port),
    },
    // Nothing is read ahead of the demand.
    { highWaterMark: 0 },
  );
}

/**
 * What is written to a port, as a web stream. The port goes on belonging to its owner, and ends with it.
 *
 * @remarks
 * A write settles when the port takes more, so a slow peer holds up the writer. `close` ends the stream to the peer and leaves the port's
 * reading side open; `abort` closes the port. An error of the port, or its death, is the stream's error, with the port's code in capitals.
 *
 * @see {@link https://developer.mozilla.org/docs/Web/API/WritableStream | WritableStream}
 */
export function writableStream<P>(port: Port<P>): WritableStream<Written<P>> {
  return new WritableStream<Written<P>>({
    write: (data) => tell(port, { do: "write", data, timeoutMs: "infinity" }),
    close: () => tell(port, { do: "close_write" }),
    abort: () => closeFor(port),
  });
}
