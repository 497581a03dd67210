// What stands behind SET key value. Pure.

import { CommandError } from "../database.ts";
import { LIFETIME_MS_MAX } from "../limits.ts";
import { numberIn, syntaxError } from "./command-spec.ts";

export interface SetOptions {
  /** Which keys are set: any, those that are there (XX), those that are not (NX). */
  readonly only: "any" | "present" | "absent";
  /** Milliseconds to live (EX, PX), as long as the value before (KEEPTTL), or for ever. */
  readonly lifetime: number | "kept" | "infinity";
}

/** @throws {@link CommandError} */
export function setOptionsIn(words: readonly string[]): SetOptions {
  let only: SetOptions["only"] = "any";
  let lifetime: SetOptions["lifetime"] = "infinity";
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] ?? "").toUpperCase();
    if ((word === "NX" || word === "XX") && only === "any") only = word === "NX" ? "absent" : "present";
    else if (word === "KEEPTTL" && lifetime === "infinity") lifetime = "kept";
    else if ((word === "EX" || word === "PX") && lifetime === "infinity" && i + 1 < words.length)
      lifetime = lifetimeIn(words[++i] ?? "", word);
    else throw syntaxError();
  }
  return { only, lifetime };
}

function lifetimeIn(text: string, unit: "EX" | "PX"): number {
  const ms = numberIn(text) * (unit === "EX" ? 1_000 : 1);
  if (ms <= 0 || ms > LIFETIME_MS_MAX) throw new CommandError("ERR invalid expire time in 'set' command");
  return ms;
}
