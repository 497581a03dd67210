// Ends a process at every point where one can be ended, in a thousand programs made by chance, and looks at the books.

import { expect, it } from "vitest";
import { type Program, randomProgram } from "./random-program.ts";
import { timesAsOften } from "./runs.ts";
import { type Injection, Stage } from "./stage.ts";

const PROGRAMS = timesAsOften(1_000);

/** The error that some are ended with. */
const injected = Object.freeze(new Error("injected"));

async function faultsOf(
  program: Program,
  injection: Injection | null,
): Promise<{ readonly faults: readonly string[]; readonly slices: number }> {
  const stage = new Stage(program, injection);
  const faults = program.some(({ isAsync }) => isAsync) ? await stage.playAsync() : stage.play();
  return { faults, slices: stage.slices };
}

function injectionAt(slice: number, seed: number): Injection {
  return { slice, reason: ["kill", "shutdown", injected][(slice + seed) % 3], other: (slice + seed) % 2 === 0 };
}

it(
  `whoever is ended after whatever slice of ${PROGRAMS} programs: messages, monitors, links, names and timers balance`,
  { timeout: 60_000 * (PROGRAMS / 1_000) },
  async () => {
    let endings = 0;
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const program = randomProgram(seed);
      const undisturbed = await faultsOf(program, null);
      expect({ seed, faults: undisturbed.faults }).toEqual({ seed, faults: [] });
      for (let slice = 0; slice < undisturbed.slices; slice++) {
        const { faults } = await faultsOf(program, injectionAt(slice, seed));
        expect({ seed, slice, faults }).toEqual({ seed, slice, faults: [] });
        endings++;
      }
    }
    expect(endings).toBeGreaterThan(PROGRAMS * 10);
  },
);
