// The mailbox: messages in the order of their arrival, taken from the front or, by selective receive, from the middle.
//
//   nothing waits       front = undefined                   last = null
//   one, without ref    front = it                          last = null
//   more                front ──► chunk ⇄ chunk ⇄ chunk ◄── last
//
// Most mailboxes hold no message or one, and then need no memory of their own. Others put 8 bytes for each message into chunks, the
// first of 4 messages, the later ones larger. Once there is a chunk, everything stands in chunks until the mailbox is empty again.
//
// Rejected: a list with an envelope of 56 bytes for each message (in a flood the garbage collector copies them all, twice, and a
// search waits for memory at each step), and one ring (it must be copied when it grows, and closing its holes moves what a waiting
// receive remembers). See docs/decisions/0008-mailbox.md; the benchmarks that would notice
// are `many-to-one`, `receive-scan` and `receive-ref`.

import type { Ref } from "../values/ref.ts";
import { append, MessageChunk, nextWaiting, takeSlot } from "./message-chunk.ts";

/** Messages in the first chunk and in the largest; a search starts anew in each, so they are not smaller (bench `receive-scan`). */
const CHUNK_MIN = 4;
const CHUNK_MAX = 256;

/** The part of a process that its mailbox needs. */
export interface Mailbox {
  /** The first chunk; the message that waits, where there are no chunks. One field for both, as each costs every process 8 bytes. */
  front: unknown;
  /** The last chunk, or null when there are none. */
  last: MessageChunk | null;
  queueLength: number;
}

/** Appends a message. O(1). */
export function enqueue(box: Mailbox, value: unknown, tag: Ref | null): void {
  if (box.queueLength === 0 && tag === null) box.front = value;
  else append(lastWithRoom(box), value, tag);
  box.queueLength++;
}

/** Takes the oldest message, of which there must be one. O(1), amortised. */
export function takeFirst(box: Mailbox): unknown {
  const chunk = firstChunk(box);
  if (chunk !== null) return takeAt(box, chunk, chunk.start);
  const message = box.front;
  box.front = undefined;
  box.queueLength--;
  return message;
}

/** Takes the message that waits at `index` of `chunk`. O(1), amortised. */
export function takeAt(box: Mailbox, chunk: MessageChunk, index: number): unknown {
  const value = takeSlot(chunk, index);
  box.queueLength--;
  if (chunk.waiting === 0) dropEmpty(box, chunk);
  return value;
}

/** Takes the oldest message that `isWanted` accepts. O(messages). @returns null when there is none */
export function takeWanted(
  box: Mailbox,
  isWanted: (value: unknown, tag: Ref | null) => boolean,
): { readonly value: unknown } | null {
  for (let chunk = chunksOf(box); chunk !== null; chunk = chunk.next)
    for (let at = chunk.start; at < chunk.end; at = nextWaiting(chunk, at + 1))
      if (isWanted(chunk.values[at], chunk.tags?.[at] ?? null)) return { value: takeAt(box, chunk, at) };
  return null;
}

/** Takes every message tagged with `ref`. O(messages). @returns how many there were */
export function dropTagged(box: Mailbox, ref: Ref): number {
  const before = box.queueLength;
  for (let chunk = hasTagged(box, ref) ? chunksOf(box) : null; chunk !== null;) {
    const { next }: MessageChunk = chunk;
    for (let at = chunk.start; at < chunk.end; at++)
      if (chunk.tags?.[at] === ref) {
        takeSlot(chunk, at);
        box.queueLength--;
      }
    if (chunk.waiting === 0 && next !== null) unlink(box, chunk);
    chunk = next;
  }
  dropEmptyInFront(box);
  return before - box.queueLength;
}

/** Whether a message tagged with `ref` waits. O(messages). */
export function hasTagged(box: Mailbox, ref: Ref): boolean {
  for (let chunk = firstChunk(box); chunk !== null; chunk = chunk.next)
    if (chunk.tags?.includes(ref) === true) return true;
  return false;
}

/** The waiting messages, oldest first. O(messages). */
export function listMessages(box: Mailbox): unknown[] {
  const messages: unknown[] = [];
  if (waitsAlone(box)) messages.push(box.front);
  for (let chunk = firstChunk(box); chunk !== null; chunk = chunk.next)
    for (let at = chunk.start; at < chunk.end; at = nextWaiting(chunk, at + 1)) messages.push(chunk.values[at]);
  return messages;
}

/** Forgets everything that waits. */
export function clear(box: Mailbox): void {
  box.front = undefined;
  box.last = null;
  box.queueLength = 0;
}

/** The first chunk, or null when nothing waits; a message that waits alone moves into one, so that its place can be remembered. */
export function chunksOf(box: Mailbox): MessageChunk | null {
  return waitsAlone(box) ? moveToChunk(box) : firstChunk(box);
}

/** Whether a message waits without a chunk. */
export function waitsAlone(box: Mailbox): boolean {
  return box.last === null && box.queueLength > 0;
}

function firstChunk(box: Mailbox): MessageChunk | null {
  // As long as there is a last chunk, there is a first one in front.
  return box.last === null ? null : (box.front as MessageChunk);
}

function moveToChunk(box: Mailbox): MessageChunk {
  const chunk = new MessageChunk(CHUNK_MIN, null);
  if (box.queueLength > 0) append(chunk, box.front, null);
  box.front = box.last = chunk;
  return chunk;
}

function lastWithRoom(box: Mailbox): MessageChunk {
  const last = box.last ?? moveToChunk(box);
  if (last.end < last.values.length) return last;
  const chunk = new MessageChunk(Math.min(CHUNK_MAX, 2 * last.values.length), last);
  box.last = last.next = chunk;
  // The one that is full now stays, even empty, for those who remember its end; the one before it goes.
  if (last.previous !== null && last.previous.waiting === 0) unlink(box, last.previous);
  return chunk;
}

/** Drops `chunk`, in which nothing waits any more, and what is empty at the front. The last one stays for what comes next. */
function dropEmpty(box: Mailbox, chunk: MessageChunk): void {
  if (chunk !== box.last) unlink(box, chunk);
  dropEmptyInFront(box);
}

/** Goes as far as the last chunk only when the mailbox is empty, which needs none. */
function dropEmptyInFront(box: Mailbox): void {
  for (let chunk = firstChunk(box); chunk !== null && chunk.waiting === 0; chunk = firstChunk(box)) unlink(box, chunk);
}

/** Takes `chunk` out. It keeps no later one alive for whoever remembers it. */
function unlink(box: Mailbox, chunk: MessageChunk): void {
  const { previous, next } = chunk;
  if (previous === null) box.front = next ?? undefined;
  else previous.next = next;
  if (next === null) box.last = previous;
  else next.previous = previous;
  chunk.next = chunk.previous = null;
  chunk.isLinked = false;
}
