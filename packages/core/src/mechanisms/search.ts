// Which messages a receive accepts: all, those that came through a ref, those that pass a guard, those that have a pattern's parts.

import { Ref } from "../values/ref.ts";
import { type MessageChunk, nextWaiting } from "./message-chunk.ts";
import { matches, typeNamedBy } from "./pattern.ts";

/** Whether `match` accepts the message `value`, which came through `tag`. */
export function accepts(match: unknown, value: unknown, tag: Ref | null): boolean {
  if (match === undefined) return true;
  if (match instanceof Ref) return tag === match;
  return typeof match === "function" ? passes(match, value) : matches(match, value);
}

/** As in Erlang, a guard that fails does not match. */
export function passes(guard: Function, message: unknown): boolean {
  try {
    return guard(message) === true;
  } catch {
    return false;
  }
}

/**
 * The slot of the first message in `chunk`, from slot `from` on, that `match` accepts; `chunk.end` when there is none.
 *
 * A search past thousands of messages spends its time here, so what nearly all of them are told by has a loop of its own: the ref, the
 * `type`. Bench `receive-scan`.
 */
export function firstMatch(chunk: MessageChunk, from: number, match: unknown): number {
  if (match instanceof Ref) return firstThrough(chunk, from, match);
  const type = typeNamedBy(match);
  return type === undefined ? firstAccepted(chunk, from, match) : firstOfType(chunk, from, match, type);
}

function firstThrough({ tags, end }: MessageChunk, from: number, ref: Ref): number {
  if (tags === null) return end;
  let at = from;
  while (at < end && tags[at] !== ref) at++;
  return at;
}

function firstOfType({ values, end }: MessageChunk, from: number, match: unknown, type: string): number {
  for (let at = from; at < end; at++) {
    const value = values[at];
    // Any object may be asked for a property that it may not have. Asked in the loop itself, which is cheaper than a function.
    if (typeof value === "object" && value !== null && (value as { readonly type?: unknown }).type === type)
      if (matches(match, value)) return at;
  }
  return end;
}

function firstAccepted(chunk: MessageChunk, from: number, match: unknown): number {
  const { values, tags, end } = chunk;
  let at = nextWaiting(chunk, from);
  while (at < end && !accepts(match, values[at], tags?.[at] ?? null)) at = nextWaiting(chunk, at + 1);
  return at;
}
