// How a script waits for quiet, and for time. The script is a process like any other, and only the outside of a node can tell that
// the node is quiet: so the script says what it waits for and goes to sleep, and the outside wakes it.

import { type Alias, alias, send } from "@krarup/core";
import type { ManualPlatform } from "@krarup/core/manual";
import type { AnySelf, Step } from "./step.ts";

/** The waits of one script. */
export interface Pace {
  /** Waits until no process can run. Timers do not fire. */
  settle(): Step<void>;
  /** Waits until no process can run and `ms` milliseconds have passed. */
  sleep(ms: number): Step<void>;
}

/** Waits in virtual time. */
export class VirtualPace implements Pace {
  readonly #script: AnySelf;
  readonly #bell: Alias<"go on">;
  #sleepMs: number | null = null;

  /** Made inside the script's process. */
  constructor(script: AnySelf) {
    this.#script = script;
    this.#bell = alias();
  }

  *settle(): Step<void> {
    yield* this.sleep(0);
  }

  *sleep(ms: number): Step<void> {
    this.#sleepMs = ms;
    yield* this.#script.receive(this.#bell);
  }

  /** Fulfils what the script waits for, on a quiet platform. @returns false when it waits for nothing of the kind */
  fulfil(platform: ManualPlatform): boolean {
    if (this.#sleepMs === null) return false;
    const ms = this.#sleepMs;
    this.#sleepMs = null;
    if (ms > 0) platform.advance(ms);
    send(this.#bell, "go on");
    return true;
  }
}
