// A chunk: a run of messages that wait, in the order of their arrival.
//
//   values   · · m m · m m m _ _        ·  taken    _  not filled yet
//                ▲           ▲
//              start        end
//
// A slot is used once: what was taken from the middle leaves a hole, and a chunk that has been used up is replaced. So a remembered place,
// chunk and index, never means another message than it did, and `isLinked` tells when the chunk has left its mailbox.

import type { Ref } from "../values/ref.ts";

/** Stands where no message is: a symbol can be no message. */
const NONE: unique symbol = Symbol("no message");

/** A stretch of a mailbox. */
export class MessageChunk {
  declare readonly values: unknown[];
  /** The refs through which the messages came; null while none of them came through a ref. */
  declare tags: (Ref | undefined)[] | null;
  /** The first slot whose message waits, or `end`. */
  declare start: number;
  /** The slot that the next message gets. */
  declare end: number;
  /** Messages that wait here. */
  declare waiting: number;
  declare next: MessageChunk | null;
  declare previous: MessageChunk | null;
  /** Whether it belongs to a mailbox still. */
  declare isLinked: boolean;

  constructor(size: number, previous: MessageChunk | null) {
    // Filled, so that V8 keeps the messages of every chunk in one way, numbers too.
    this.values = new Array<unknown>(size).fill(NONE);
    this.tags = null;
    this.start = 0;
    this.end = 0;
    this.waiting = 0;
    this.next = null;
    this.previous = previous;
    this.isLinked = true;
  }
}

/** Puts a message into the next slot, of which there must be one. */
export function append(chunk: MessageChunk, value: unknown, tag: Ref | null): void {
  const index = chunk.end++;
  chunk.values[index] = value;
  chunk.waiting++;
  if (tag === null) return;
  chunk.tags ??= new Array<Ref | undefined>(chunk.values.length);
  chunk.tags[index] = tag;
}

/** Takes the message at `index`, where one must wait. */
export function takeSlot(chunk: MessageChunk, index: number): unknown {
  const { values, tags } = chunk;
  const value = values[index];
  values[index] = NONE;
  if (tags !== null) tags[index] = undefined;
  chunk.waiting--;
  if (index === chunk.start) chunk.start = nextWaiting(chunk, index + 1);
  return value;
}

/** The first slot from `index` on in which a message waits, or `end`. */
export function nextWaiting({ values, end }: MessageChunk, index: number): number {
  let at = index;
  while (at < end && values[at] === NONE) at++;
  return at;
}
