// Publish and subscribe. A channel is a key of a registry with duplicate keys; under it are couriers, one for each client that
// subscribes to anything.
//
//   publisher's session ──"published"──► courier ──► socket of the subscriber
//                                           ▲
//                                           └── subscribe, unsubscribe: its own session
//
// Why a process of its own: the session waits for its client's next bytes. The courier waits for words of others, its mailbox has a bound,
// and when a client does not take what it is told the courier ends and takes the session with it. The publisher never waits.

import {
  exit,
  type Pid,
  Registry,
  reply,
  type Request,
  type Self,
  send,
  spawnOpt,
  type Suspension,
} from "@krarup/core";
import { isPortError, type Port, write } from "@krarup/ports";
import { MESSAGES_MAX, PATIENCE_MS } from "./limits.ts";
import { encode } from "./reply.ts";

type Steps<T> = Generator<Suspension, T, void>;

interface Published {
  readonly type: "published";
  readonly channel: string;
  readonly text: string;
}

/** Channels to enter or to leave; an empty list to leave means all. */
export interface Change {
  readonly do: "subscribe" | "unsubscribe";
  readonly channels: readonly string[];
}

type CourierMessage = Published | Request<Change, number>;

/** Tells one client what is published. A change is answered with the number of channels, when the client has been told. */
export type Courier = Pid<Request<Change, number>>;

/** Under which name the registry of channels is known. */
export const TOPICS = "kv_topics";

/** Tells everybody who has subscribed to `channel`. @returns how many */
export function publish(channel: string, text: string): number {
  const couriers = Registry.lookup<string, undefined, Published>(TOPICS, channel);
  for (const { pid } of couriers) send(pid, { type: "published", channel, text });
  return couriers.length;
}

/** Starts the courier of a client, linked to the session: if one fails, so does the other. */
export function startCourier(socket: Port): Courier {
  return spawnOpt(courier, [socket], { link: true, mailbox: { max: MESSAGES_MAX, whenFull: "exit" } });
}

function* courier(self: Self<CourierMessage>, socket: Port): Steps<void> {
  const channels = new Set<string>();
  for (;;) {
    const message = yield* self.receive();
    if (message.type === "published") yield* tell(socket, encode(["message", message.channel, message.text]));
    else {
      yield* tell(socket, change(channels, message.request));
      reply(message.from, channels.size);
    }
  }
}

/** Enters or leaves. @returns what the client is told: one line for each channel, as Redis does */
function change(channels: Set<string>, { do: what, channels: wanted }: Change): string {
  const named = what === "unsubscribe" && wanted.length === 0 ? [...channels] : wanted;
  if (named.length === 0) return encode([what, null, 0]);
  let text = "";
  for (const channel of named) {
    if (what === "subscribe") enter(channels, channel);
    else if (channels.delete(channel)) Registry.unregister(TOPICS, channel);
    text += encode([what, channel, channels.size]);
  }
  return text;
}

function enter(channels: Set<string>, channel: string): void {
  if (channels.has(channel)) return;
  channels.add(channel);
  Registry.register(TOPICS, channel);
}

/** A client that has gone, or does not take this in time, is let go: the session ends with its courier. */
function* tell(socket: Port, text: string): Steps<void> {
  const outcome = yield* write(socket, Buffer.from(text, "latin1"), { timeoutMs: PATIENCE_MS });
  if (isPortError(outcome)) exit(["shutdown", outcome]);
}
