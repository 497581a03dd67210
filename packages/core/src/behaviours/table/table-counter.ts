// Counting in a table: what a value becomes when a number in it is counted up or down.

import { KrarupError, show } from "../../values/errors.ts";

/** The fields of `V` that hold a number. */
export type NumberField<V> = { [F in keyof V & string]: V[F] extends number ? F : never }[keyof V & string];

/** One step of {@link Table.updateCounter}. */
export interface CounterUpdate<V> {
  /** The field of the value that counts; left out when the value itself is the number. */
  readonly field?: NumberField<V>;
  /** Added to it: an integer, also below 0. */
  readonly by: number;
  /** Where it wraps; default nowhere. */
  readonly wrap?: CounterWrap;
}

/** The bound of a counter and where it goes on from beyond it. */
export interface CounterWrap {
  /** The last number allowed: the largest when counting up, the smallest when counting down. */
  readonly threshold: number;
  /** What the counter becomes instead of going beyond. */
  readonly setValue: number;
}

/** A {@link CounterUpdate} of whatever value. */
interface Step {
  readonly field?: string;
  readonly by: number;
  readonly wrap?: CounterWrap;
}

/** What {@link counted} makes of a value. */
export interface Counted {
  readonly value: unknown;
  readonly count: number;
}

/** `value` after one step. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` where an integer is missing or would be lost */
export function counted(value: unknown, { field, by, wrap }: Step): Counted {
  if (field === undefined) {
    const count = countOn(value, by, wrap);
    return { value: count, count };
  }
  const count = countOn(fieldOf(value, field), by, wrap);
  // It has the field, so it is an object.
  return { value: { ...(value as object), [field]: count }, count };
}

function fieldOf(value: unknown, field: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, field)) return undefined;
  // It owns the field: it was just asked.
  return (value as Readonly<Record<string, unknown>>)[field];
}

function countOn(from: unknown, by: number, wrap: CounterWrap | undefined): number {
  const next = requireInteger(from, "the value") + requireInteger(by, "the step");
  const isBeyond = wrap !== undefined && (by < 0 ? next < wrap.threshold : next > wrap.threshold);
  return isBeyond ? requireInteger(wrap.setValue, "setValue") : requireInteger(next, "the result");
}

function requireInteger(value: unknown, what: string): number {
  // isSafeInteger does not narrow.
  if (Number.isSafeInteger(value)) return value as number;
  throw new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot update a counter as ${what} must be an integer within 2^53: current value is ${show(value)}`,
    value,
  );
}
