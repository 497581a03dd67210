import type { Self, Suspension } from "@krarup/core";

/** What a script or an action consists of: it may wait, and returns `T`. */
export type Step<T> = Generator<Suspension, T, void>;

/** A process that takes any message. */
export type AnySelf = Self<unknown>;

/** What a process is made to do. A plain function cannot wait. */
export type Action<T> = (self: AnySelf) => Step<T> | T;

/** Runs `action` to its end in the process that calls. */
export function* perform<T>(self: AnySelf, action: Action<T>): Step<T> {
  const result = action(self);
  return isStep(result) ? yield* result : result;
}

function isStep<T>(result: Step<T> | T): result is Step<T> {
  return typeof result === "object" && result !== null && "next" in result && Symbol.iterator in result;
}
