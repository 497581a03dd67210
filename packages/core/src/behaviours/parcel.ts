// How a function gets to a process that shall run it. Functions do not travel in messages. So the sender leaves it
// here under a fresh ref and sends the ref: whoever has the ref can take what was left. The table does not keep what
// nobody refers to.

import { makeRef } from "../kernel/identity.ts";
import type { Ref } from "../values/ref.ts";

const parcels = new WeakMap<Ref, unknown>();

/** Leaves `content` for whoever is sent the ref. */
export function leave(content: unknown): Ref {
  const ref = makeRef();
  parcels.set(ref, content);
  return ref;
}

/** What was left under `ref`; undefined for any other value. */
export function collect(ref: unknown): unknown {
  // A WeakMap answers undefined for what is no key of it.
  return parcels.get(ref as Ref);
}
