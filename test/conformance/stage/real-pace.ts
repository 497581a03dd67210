import type { Pace } from "./pace.ts";
import type { AnySelf, Step } from "./step.ts";

/** Milliseconds after which a node without work from outside is taken to be quiet. */
const QUIET_MS = 20;

/** Waits in real time: only the outside could tell that it is quiet, so it is given time to be. */
export class RealPace implements Pace {
  readonly #script: AnySelf;

  constructor(script: AnySelf) {
    this.#script = script;
  }

  settle(): Step<void> {
    return this.sleep(QUIET_MS);
  }

  *sleep(ms: number): Step<void> {
    yield* this.#script.sleep(ms);
  }
}
