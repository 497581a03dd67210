import { cpu } from "../../kernel/cpu.ts";
import { currentNode } from "../../kernel/current.ts";
import { Process } from "../../kernel/process.ts";
import { deliverFromSender, type Name, send } from "../../kernel/send.ts";
import { isolate } from "../../mechanisms/isolate.ts";
import type { Pid } from "../../values/pid.ts";
import type { Cast } from "./server-body.ts";

/** Sends `request` to a server or state machine without waiting; OTP's `cast`. To one that does not exist it vanishes. */
export function cast(server: Pid<never> | Name, request: unknown): void {
  castIsolated(server, isolate(request));
}

/** As {@link cast}, with a request that nobody else holds. */
export function castIsolated(server: Pid<never> | Name, request: unknown): void {
  const message = { type: "$gen_cast", request } satisfies Cast;
  if (!(server instanceof Process)) return castMessage(server, message);
  cpu.reductions--;
  deliverFromSender(server, message);
}

/** Sends `message` to a behaviour, or nowhere if there is none. */
export function castMessage(server: Pid<never> | Name, message: unknown): void {
  if (typeof server !== "string") sendCast(server, message);
  else {
    const holder = currentNode().names.whereis(server);
    if (holder !== undefined) send(holder as Pid<unknown>, message); // a process record takes any message
  }
}

function sendCast(server: Pid<never> | Exclude<Name, string>, message: unknown): void {
  try {
    send(server as Pid<unknown>, message); // whether it understands the message is the caller's claim
  } catch (error) {
    // A via registry may throw for a missing name; a cast never fails for that.
    if (!("via" in (server as object))) throw error; // every destination but a string is an object
  }
}
