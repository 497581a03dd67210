import { cpu } from "./cpu.ts";
import { notInProcess, operationInUse } from "./misuse.ts";
import { finished, KernelOperation, type Suspension, WAIT } from "./operation.ts";
import { isLiving, NO_MESSAGE, Process } from "./process.ts";
import { checkedDelay, type Timer } from "./timer.ts";

/** Waits for time to pass; messages stay in the mailbox. */
export class Sleep extends KernelOperation<void> {
  readonly #ms: number;
  #timer: Timer | null = null;

  constructor(ms: number) {
    super();
    this.#ms = checkedDelay(ms);
  }

  override next(): IteratorResult<Suspension, void> {
    const process = cpu.process;
    if (process === null) throw notInProcess("sleep");
    if (this.#timer !== null && this.#timer.target !== process) this.#takeOver(this.#timer.target);
    if (this.#timer === null) this.#timer = process.node.timers.wakeAfter(process, this.#ms);
    else if (!process.node.timers.isPending(this.#timer)) {
      this.#timer = null;
      return finished(undefined);
    }
    process.awaiting = NO_MESSAGE;
    return WAIT;
  }

  /** Whoever slept before must have ended. */
  #takeOver(former: Timer["target"]): void {
    if (former instanceof Process && isLiving(former)) throw operationInUse(former);
    this.#timer = null;
  }
}
