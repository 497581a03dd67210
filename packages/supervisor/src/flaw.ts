// What can be wrong with a spec, in OTP's words and in a sentence.

import { brief } from "@krarup/core";
import { toExitReason } from "@krarup/core/internal";

/** What is wrong with a spec: OTP's reason, and a sentence for people. */
export interface Flaw {
  readonly type: "flaw";
  readonly reason: unknown;
  /** What must hold, and what holds instead: the second half of "Cannot start … as …". */
  readonly complaint: string;
}

/** A flaw with OTP's word for it. */
export function flawOf(word: string, value: unknown, rule: string): Flaw {
  const shown = toExitReason(value);
  return { type: "flaw", reason: [word, shown], complaint: `${rule}: current value is ${brief(shown)}` };
}
