// Keys that compare by value, as Erlang's terms do, on top of JavaScript's Map, which compares objects by identity.
//
//   key                               what stands for it in the Map
//   ───────────────────────────────   ─────────────────────────────────────────────────────────────
//   number, bigint, boolean, …        itself
//   pid, ref                          itself: they are the same exactly when they are ===
//   string                            itself, unless it begins with NUL
//   array, object, Map, bytes, …      its form: NUL, and a text that two terms share exactly when they are equal
//
// So the usual key costs nothing, and a structured one costs a walk and a text of its own size. Lengths and closing marks keep forms
// apart: ["ab", "c"] is `["2:ab"1:c]`. Rejected: JSON.stringify, for which undefined, NaN and null are one, as are a Date and its
// text; hashing with buckets, which needs the walk as well and a comparison on top; a trie of Maps, which takes a Map for every
// prefix of every key.

import { Identity } from "../../values/identity.ts";

const MARK = "\0";

/** Tells pids and refs inside a structured key apart, even those of two nodes that print alike. */
const identities = new WeakMap<object, number>();
let identitiesGiven = 0;

/** What stands for `key`, which must be isolated, in a Map: the same value for equal keys, and for them only. */
export function standInFor(key: unknown): unknown {
  if (typeof key === "string") return key.startsWith(MARK) ? MARK + formOf(key) : key;
  return typeof key !== "object" || key === null || isIdentity(key) ? key : MARK + formOf(key);
}

/** A text that two isolated terms share exactly when they are equal by value. */
export function formOf(term: unknown): string {
  switch (typeof term) {
    case "string":
      return `"${term.length}:${term}`;
    case "bigint":
      return `b${term};`;
    case "number":
    case "boolean":
    case "undefined":
      return `${term};`;
    case "object":
      return term === null ? "null;" : formOfObject(term);
    case "function":
    case "symbol":
      // Isolated terms hold neither.
      return "";
  }
}

/** A number of its own for each pid and ref. */
export function identityOf(thing: object): number {
  const known = identities.get(thing);
  if (known !== undefined) return known;
  identities.set(thing, ++identitiesGiven);
  return identitiesGiven;
}

/** Whether `value` is a pid or a ref. */
export function isIdentity(value: object): boolean {
  return value instanceof Identity;
}

function formOfObject(term: object): string {
  if (Array.isArray(term)) return `[${joinedForms(term)}]`;
  if (isIdentity(term)) return `#${identityOf(term)};`;
  if (term instanceof Map) return `M${Array.from(term, joinedForms).toSorted().join("")}]`;
  if (term instanceof Set) return `S${Array.from(term, formOf).toSorted().join("")}]`;
  if (term instanceof Date) return `D${term.getTime()};`;
  if (ArrayBuffer.isView(term)) return formOfBytes(term, term.buffer, term.byteOffset, term.byteLength);
  if (term instanceof ArrayBuffer) return formOfBytes(term, term, 0, term.byteLength);
  if (term instanceof Error)
    return `E${formOfRecord(Object.assign({}, term, { name: term.name, message: term.message, cause: term.cause }))}`;
  return formOfRecord(term);
}

function joinedForms(terms: readonly unknown[]): string {
  let text = "";
  for (const term of terms) text += formOf(term);
  return text;
}

function formOfRecord(term: object): string {
  const entries = Object.entries(term).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => formOf(key) + formOf(value)).join("")}}`;
}

function formOfBytes(term: object, buffer: ArrayBufferLike, byteOffset: number, byteLength: number): string {
  let text = "";
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) text += String.fromCharCode(byte);
  // A Buffer says "[object Uint8Array]" as well: it is the same bytes.
  return `B${Object.prototype.toString.call(term)}${byteLength}:${text}`;
}

/** Whether two isolated terms are equal by value. */
export function areEqual(a: unknown, b: unknown): boolean {
  return a === b || Object.is(standInFor(a), standInFor(b));
}
