import { KrarupError } from "./errors.ts";

/** Stops on a broken belief of ours. Never for a caller's input. */
export function invariant(holds: boolean, belief: string): asserts holds {
  if (!holds) throw new KrarupError("ERR_INVARIANT", `Invariant broken: ${belief}`);
}
