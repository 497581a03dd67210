// Threads of a simulated machine. The function runs in the thread of the test, at the virtual moment at which its work is done.

import type { Job, Performed, Threads } from "@krarup/ports/internal";
import { type Amount, type Chance, drawn, happens } from "../chance.ts";
import type { Agenda } from "../time/agenda.ts";
import type { Clockwork } from "../time/clockwork.ts";

/** How the threads of a machine are. */
export interface ThreadOptions {
  /** Milliseconds of virtual time that one call takes, or a range. Default 1. */
  readonly durationMs?: Amount;
  /** Probability for each call that its thread dies under it: `"thread_ended"`. Default 0. */
  readonly crashes?: number;
}

/** Any number of threads. @param options - asked for at each call */
export function simulatedThreads(
  agenda: Agenda,
  clockwork: Clockwork,
  chance: Chance,
  options: () => ThreadOptions,
): Threads {
  const underway = new Set<() => void>();
  return {
    run(job, timeoutMs, settle) {
      const { durationMs = 1, crashes = 0 } = options();
      const workMs = drawn(chance, durationMs);
      const isLost = happens(chance, crashes);
      const isLate = timeoutMs !== "infinity" && timeoutMs < workMs;
      const cancel = agenda.after(isLate ? timeoutMs : workMs, () => {
        if (isLate) finish({ type: "timeout" });
        else if (isLost) finish({ type: "lost", why: "the simulated thread has crashed" });
        else clockwork.waitFor(load(job, finish));
      });
      const giveUp = (): void => {
        cancel();
        underway.delete(giveUp);
      };
      const finish = (outcome: Performed): void => {
        if (underway.delete(giveUp)) settle(outcome);
      };
      underway.add(giveUp);
      return giveUp;
    },
    end() {
      for (const giveUp of underway) giveUp();
    },
  };
}

/** Loads the module and calls its function; that its promise settles is not waited for. */
async function load({ module, name, args }: Job, finish: (outcome: Performed) => void): Promise<void> {
  try {
    const exports: Readonly<Record<string, unknown>> = await import(module);
    const act = exports[name];
    if (typeof act !== "function") throw new TypeError(`Cannot call ${name} as ${module} exports no such function`);
    const made: unknown = act(...args);
    void Promise.resolve(made).then(
      (value) => finish(copied(value)),
      (error: unknown) => finish({ type: "threw", error }),
    );
  } catch (error) {
    finish({ type: "threw", error });
  }
}

/** What a thread could not hand over is an error of the job. */
function copied(value: unknown): Performed {
  try {
    return { type: "returned", value: structuredClone(value) };
  } catch (error) {
    return { type: "threw", error: new TypeError(String(error)) };
  }
}
