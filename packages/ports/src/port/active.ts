// Active modes: whether what comes is sent to the owner unasked, and for how long. Pure.

import { ACTIVE_MAX } from "./limits.ts";

/**
 * Whether a port sends what comes to its owner.
 *
 * @remarks
 * `false`: it does not; the owner reads. `"once"`: one message, then `false`. A number: so many messages, then a `Passive` message and
 * `false`. `true`: everything, however slow the owner is; only for peers that one trusts.
 */
export type Active = boolean | "once" | number;

/** What follows from a request to set the mode, or from one delivery. */
export interface ActiveChange {
  readonly active: Active;
  /** Whether the owner is told that the port has become passive. */
  readonly tellsPassive: boolean;
}

/** Whether `active` is a mode at all. */
export function isActiveMode(active: unknown): active is Active {
  if (typeof active === "boolean" || active === "once") return true;
  return typeof active === "number" && Number.isInteger(active) && Math.abs(active) <= ACTIVE_MAX;
}

/**
 * The mode after `setActive(wanted)`: a number is added to the number in force.
 *
 * @returns null when the sum is out of bounds
 */
export function afterSetting(now: Active, wanted: Active): ActiveChange | null {
  if (typeof wanted !== "number") return { active: wanted, tellsPassive: false };
  const count = (typeof now === "number" ? now : 0) + wanted;
  if (count > ACTIVE_MAX) return null;
  return count > 0 ? { active: count, tellsPassive: false } : { active: false, tellsPassive: true };
}

/** The mode after one message to the owner. */
export function afterDelivery(now: Active): ActiveChange {
  if (now === "once") return { active: false, tellsPassive: false };
  if (typeof now !== "number") return { active: now, tellsPassive: false };
  return now > 1 ? { active: now - 1, tellsPassive: false } : { active: false, tellsPassive: true };
}
