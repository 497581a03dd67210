// The order of keys in an ordered_set: Erlang's order of terms, as far as the kinds of terms are the same.
//
//   number = bigint < boolean, null, undefined < string < ref < pid < array < object < Date < everything else
//
// Numbers compare by value, so 1 and 1n are one key, as 1 and 1.0 are in Erlang. Arrays are Erlang's tuples: the shorter is less, then
// the first different element decides. Objects are its maps: fewer keys, then the keys, then the values.

import { isPidLike } from "../../mechanisms/plain-data.ts";
import { Ref } from "../../values/ref.ts";
import { formOf, identityOf } from "./table-key.ts";

const RANKS = ["number", "atom", "string", "ref", "pid", "array", "object", "date", "other"] as const;
type Rank = (typeof RANKS)[number];

/** Negative, 0 or positive, as `a` comes before, with or after `b`. Both must be isolated. */
export function compareTerms(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return compareNumbers(a, b);
  if (typeof a === "string" && typeof b === "string") return compareDirectly(a, b);
  const rank = rankOf(a);
  const byRank = RANKS.indexOf(rank) - RANKS.indexOf(rankOf(b));
  return byRank === 0 ? compareWithin(rank, a, b) : byRank;
}

function rankOf(term: unknown): Rank {
  switch (typeof term) {
    case "number":
    case "bigint":
      return "number";
    case "string":
      return "string";
    case "object":
      return term === null ? "atom" : rankOfObject(term);
    case "boolean":
    case "undefined":
    case "function":
    case "symbol":
      // Isolated terms hold neither functions nor symbols.
      return "atom";
  }
}

function rankOfObject(term: object): Rank {
  if (Array.isArray(term)) return "array";
  if (term instanceof Ref) return "ref";
  if (isPidLike(term)) return "pid";
  if (term instanceof Date) return "date";
  const prototype: unknown = Object.getPrototypeOf(term);
  return prototype === Object.prototype || prototype === null ? "object" : "other";
}

function compareWithin(rank: Rank, a: unknown, b: unknown): number {
  // The rank says of both what they are.
  switch (rank) {
    case "number":
      return compareNumbers(a as number | bigint, b as number | bigint); // as above
    case "array":
      return compareArrays(a as readonly unknown[], b as readonly unknown[]); // as above
    case "object":
      return compareObjects(a as object, b as object); // as above
    case "ref":
    case "pid":
      return compareIdentities(a as object, b as object); // as above
    case "date":
      return compareNumbers((a as Date).getTime(), (b as Date).getTime()); // as above
    case "atom":
      return compareDirectly(String(a), String(b));
    case "string":
    case "other":
      return compareDirectly(formOf(a), formOf(b));
  }
}

/** NaN comes after all numbers and is equal to itself, so that there is an order at all. */
function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

function compareDirectly(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; a.length === b.length && i < a.length; i++) {
    const order = compareTerms(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: object, b: object): number {
  const [entriesOfA, entriesOfB] = [sortedEntries(a), sortedEntries(b)];
  const byKeys = compareArrays(
    entriesOfA.map(([key]) => key),
    entriesOfB.map(([key]) => key),
  );
  return byKeys === 0
    ? compareArrays(
        entriesOfA.map(([, value]) => value),
        entriesOfB.map(([, value]) => value),
      )
    : byKeys;
}

function sortedEntries(term: object): [string, unknown][] {
  return Object.entries(term).toSorted(([a], [b]) => compareDirectly(a, b));
}

/** In the order in which they were made: refs by number, pids by slot. */
function compareIdentities(a: object, b: object): number {
  if (a === b) return 0;
  return numberOf(a) - numberOf(b) || identityOf(a) - identityOf(b);
}

function numberOf(thing: object): number {
  // Which of the two it has depends on what it is; both are numbers.
  const { id, index } = thing as { readonly id?: number; readonly index?: number };
  return id ?? index ?? 0;
}
