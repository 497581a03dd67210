import { cpu } from "./cpu.ts";
import { notASignal, notInProcess } from "./misuse.ts";
import { KernelOperation, type Suspension } from "./operation.ts";
import type { CancelSignal } from "./platform.ts";
import type { Process } from "./process.ts";
import type { Resource } from "./resources.ts";

/** A call that can be given up. */
interface GivenUp<R> {
  next(): IteratorResult<Suspension, R>;
  giveUp(why: unknown): never;
}

/** A call that a signal of the outside world can end. By itself, so that the calls without a signal stay as small as they are. */
export class AbortableCall<R> extends KernelOperation<R> implements Resource {
  readonly #call: GivenUp<R>;
  readonly #signal: CancelSignal;
  readonly #wake: () => void = () => this.#caller?.node.scheduler.wakeIfWaiting(this.#caller);
  #caller: Process | null = null;

  constructor(call: GivenUp<R>, signal: CancelSignal) {
    super();
    this.#call = call;
    if (!isSignal(signal)) throw notASignal(signal);
    this.#signal = signal;
  }

  override next(): IteratorResult<Suspension, R> {
    const caller = cpu.process;
    if (caller === null) throw notInProcess("call");
    if (this.#caller === null) this.#listen(caller);
    let isOver = true;
    try {
      if (this.#signal.aborted) return this.#call.giveUp(["aborted", this.#signal.reason]);
      const step = this.#call.next();
      isOver = step.done === true;
      return step;
    } finally {
      if (isOver) this.#end(caller);
    }
  }

  holderEnded(): void {
    this.#forgetSignal();
  }

  #listen(caller: Process): void {
    this.#caller = caller;
    this.#signal.addEventListener("abort", this.#wake);
    // Signals outlive processes: an ended one must not stay among the listeners.
    caller.node.resources.hold(caller, this);
  }

  #end(caller: Process): void {
    caller.node.resources.letGo(caller, this);
    this.#forgetSignal();
  }

  #forgetSignal(): void {
    this.#caller = null;
    this.#signal.removeEventListener("abort", this.#wake);
  }
}

/** Programs without types may give anything; a signal of another realm is no `instanceof`. */
function isSignal(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "aborted" in value &&
    typeof value.aborted === "boolean" &&
    "addEventListener" in value &&
    typeof value.addEventListener === "function" &&
    "removeEventListener" in value &&
    typeof value.removeEventListener === "function"
  );
}
