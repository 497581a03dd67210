/** Chance in a simulation, from its seed. */
export interface Chance {
  /** At least 0, below 1. */
  (): number;
}

/** A number that is given, or is drawn from a range. */
export type Amount = number | readonly [from: number, to: number];

/** One number of `amount`; what is given as it is draws nothing, so that adding it leaves the rest of a seed's story alone. */
export function drawn(chance: Chance, amount: Amount): number {
  if (typeof amount === "number") return amount;
  const [from, to] = amount;
  return from + chance() * (to - from);
}

/** Whether something of this probability happens; what never happens draws nothing. */
export function happens(chance: Chance, probability: number): boolean {
  return probability > 0 && chance() < probability;
}
