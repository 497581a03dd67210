import { matches } from "../mechanisms/pattern.ts";

/** Whether two terms are equal by value, as Erlang compares: plain data by its parts, pids and refs by identity. */
export function isSameTerm(a: unknown, b: unknown): boolean {
  return matches(a, b) && matches(b, a);
}
