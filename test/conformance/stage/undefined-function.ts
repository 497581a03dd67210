// A start function that does not exist, and what comes of calling it.

import type { ChildSpec } from "@krarup/supervisor";
import { errorValue } from "./exceptions.ts";

/** A start function in a module that has none. */
export const undefinedFunction: ChildSpec["start"] = () => {
  const module: { readonly start?: ChildSpec["start"] } = {};
  // It does not hold: that is the point.
  return (module as Required<typeof module>).start();
};

/** The word in `["EXIT", exception]`. */
export function tagOfExit(reason: unknown): unknown {
  const exception = partAt(reason, 1);
  return exception instanceof Error ? errorValue(exception) : exception;
}

/** An element of a tuple; undefined where there is none. */
export function partAt(tuple: unknown, index: number): unknown {
  return Array.isArray(tuple) ? tuple[index] : undefined;
}
