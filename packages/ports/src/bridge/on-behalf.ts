// What code outside any process does with a port. Each operation gets a short-lived process of its own, some microseconds beside a
// system call: nothing runs between two of them, and nothing is left behind when somebody stops asking.
//
// For whoever waits at the other end an orderly end of the stream and the death of the port must not look alike. The first is an answer of
// the port, the second the failure of a call, though operations say `"closed"` to both.

import { call, ExitException, type Self } from "@krarup/core";
import { recordOf, startProcess } from "@krarup/core/internal";
import { isPortError, portError, type PortError } from "../port/port-error.ts";
import type { AnyPort, PortCommand } from "../port/port-protocol.ts";
import type { Steps } from "../port/sequence.ts";

/** Stands for the end of a stream where there would be a packet. */
export const END: unique symbol = Symbol("end");

type Outcome = { readonly type: "answer"; readonly value: unknown } | { readonly type: "gone" };

/**
 * The next packet, or {@link END}.
 *
 * @throws an Error with the port's code in capitals, as Node's are; `"CLOSED"` when the port has ended without the stream's end
 */
export async function nextPacket(port: AnyPort): Promise<unknown> {
  const outcome = await perform(port, { do: "read", want: "packet", timeoutMs: "infinity" });
  if (outcome.type === "gone") throw failure(portError("read", "closed"));
  if (!isPortError(outcome.value)) return outcome.value;
  if (outcome.value.code === "closed") return END;
  throw failure(outcome.value);
}

/** Writes `data` as one packet, or does something else that answers `"ok"`. @throws an Error as {@link nextPacket} */
export async function tell(port: AnyPort, command: PortCommand): Promise<void> {
  const outcome = await perform(port, command);
  if (outcome.type === "gone") throw failure(portError("write", "closed"));
  if (isPortError(outcome.value)) throw failure(outcome.value);
}

/** Closes a port; one that has ended is closed. */
export async function closeFor(port: AnyPort): Promise<void> {
  await perform(port, { do: "close" });
}

function perform(port: AnyPort, command: PortCommand): Promise<Outcome> {
  const { node } = recordOf(port);
  return new Promise((resolve, reject) => {
    const body = function* (self: Self): Steps<void> {
      // Also when the node halts somebody waits for this.
      node.resources.hold(recordOf(self), { holderEnded: () => resolve({ type: "gone" }) });
      try {
        resolve({ type: "answer", value: yield* call(port, { caller: self, command }, { timeoutMs: "infinity" }) });
      } catch (thrown) {
        // The port has ended: the process ends as well, and with it the wait. Anything else is a chunk that cannot be sent.
        if (!(thrown instanceof ExitException)) reject(thrown);
      }
    };
    startProcess(node, body, [], { daemon: true, entry: "port_bridge" });
  });
}

function failure({ message, code }: PortError): Error {
  return Object.assign(new Error(message), { code: code.toUpperCase() });
}
