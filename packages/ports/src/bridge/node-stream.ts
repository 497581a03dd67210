import { Duplex } from "node:stream";
import type { Port } from "../port/port-protocol.ts";
import { closeFor, END, nextPacket, tell } from "./on-behalf.ts";

/**
 * A port of bytes as a stream of Node, for code outside any process. The port goes on belonging to its owner, and ends with it.
 *
 * @remarks
 * Both directions have back-pressure: one packet is read ahead of the demand, and a write calls back when the port takes more. `end` sends
 * what was written and ends the stream to the peer; the end of the port's stream ends both sides; `destroy` closes the port. An error of the
 * port, or its death, is the stream's error, with the port's code in capitals.
 *
 * @see {@link https://nodejs.org/api/stream.html#class-streamduplex | stream.Duplex}
 */
export function nodeStream(port: Port): Duplex {
  let hasEnded = false;
  return new Duplex({
    // A port ends with its peer's side of the stream, unless it was opened otherwise.
    allowHalfOpen: false,
    readableHighWaterMark: 1,
    read() {
      void nextPacket(port).then(
        (packet) => {
          hasEnded = packet === END;
          this.push(hasEnded ? null : packet);
        },
        (error: Error) => this.destroy(error),
      );
    },
    write(data: Uint8Array, _encoding, finish) {
      void tell(port, { do: "write", data, timeoutMs: "infinity" }).then(() => finish(), finish);
    },
    final(finish) {
      if (hasEnded) finish();
      else void tell(port, { do: "close_write" }).then(() => finish(), finish);
    },
    destroy(error, finish) {
      void closeFor(port).then(() => finish(error), finish);
    },
  });
}
