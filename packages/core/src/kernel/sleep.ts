import { cpu } from "./cpu.ts";
import { notInProcess } from "./misuse.ts";
import { finished, KernelOperation, type Suspension, WAIT } from "./operation.ts";
import { NO_MESSAGE } from "./process.ts";
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
    if (this.#timer === null) this.#timer = process.node.timers.wakeAfter(process, this.#ms);
    else if (!process.node.timers.isPending(this.#timer)) {
      this.#timer = null;
      return finished(undefined);
    }
    process.awaiting = NO_MESSAGE;
    return WAIT;
  }
}
