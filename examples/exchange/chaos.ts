// Chaos: kills processes at random, as the world does.
//
// It must not bend what it is there to test. Erlang's formula wants holding times that do not depend on how busy the exchange
// is. Choosing a victim among the calls in progress would break that: with few calls each is in greater danger. So chaos
// chooses a *trunk*, busy or not, and strikes whoever is on it. Every call is then in the same danger at every moment, which
// makes its holding time another exponential, a shorter one. The load offered falls; the formula, asked about that load,
// holds. (Tally measures the load as it is.)
//
//   call     its trunk comes back by the monitor
//   trunk    its call is cut off; the supervisor starts another trunk, idle
//   source   the next one carries on the same Poisson stream, see traffic-source.ts
//   switch   the next one asks the trunks, see switch.ts
//
// Whom to kill is seen from outside, with `processInfo`: a trunk monitors its call and nothing else.

import { type AnyPid, exit, processInfo, type Self, type Suspension, whereis } from "@krarup/core";
import { seededRandom } from "@krarup/core/manual";
import { exponential } from "./exponential.ts";
import { trunkName } from "./trunk.ts";

/** Who is killed, how often out of twenty times. */
const SHARES = { call: 12, trunk: 5, source: 2, switch: 1 } as const;

type Kind = keyof typeof SHARES;

/** Strikes about every `gapMs`; a call is spared when its trunk is idle. */
export function* chaos(self: Self, gapMs: number, trunks: number, seed: number): Generator<Suspension, never, void> {
  const random = seededRandom(seed);
  for (;;) {
    yield* self.sleep(exponential(random, gapMs));
    const kind = chooseKind(random);
    const number = 1 + Math.floor(random() * trunks);
    const victim = find(kind, number);
    if (victim !== undefined) exit(victim, "kill");
  }
}

function chooseKind(random: () => number): Kind {
  let left = random() * 20;
  // The keys of SHARES, in the order they are written.
  for (const kind of Object.keys(SHARES) as Kind[]) {
    left -= SHARES[kind];
    if (left < 0) return kind;
  }
  return "call";
}

function find(kind: Kind, number: number): AnyPid | undefined {
  switch (kind) {
    case "call":
      return callOn(whereis(trunkName(number)));
    case "trunk":
      return whereis(trunkName(number));
    case "source":
    case "switch":
      return whereis(kind);
  }
}

/** The call that holds `trunk`, as anybody can see. */
export function callOn(trunk: AnyPid | undefined): AnyPid | undefined {
  return trunk === undefined ? undefined : processInfo(trunk)?.monitors[0];
}
