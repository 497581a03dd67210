import type { Port } from "../port/port-protocol.ts";
import { closeFor, END, nextPacket } from "./on-behalf.ts";

/**
 * What comes to a port, for code outside any process: `for await (const packet of packetsOf(port))`.
 *
 * @remarks
 * A packet is read when it is asked for, so a slow loop holds up the peer. Leaving the loop closes the port. The port goes on belonging to its
 * owner, and ends with it.
 *
 * **Waiting.** Nobody but the loop.
 *
 * @throws in the loop, an Error whose `code` is the port's in capitals: `"ECONNRESET"`; `"CLOSED"` when the port has ended otherwise than by
 * the end of its stream, for instance with its owner
 */
export function packetsOf<P>(port: Port<P>): AsyncIterableIterator<P, undefined> {
  return {
    async next(): Promise<IteratorResult<P, undefined>> {
      const packet = await nextPacket(port);
      // Anything else that a port answers to a read is one of its packets.
      return packet === END ? DONE : { done: false, value: packet as P };
    },
    async return(): Promise<IteratorResult<P, undefined>> {
      await closeFor(port);
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
