// Who has fixed a table, and how often. A process that ends lets go.

import type { Process } from "../../kernel/process.ts";
import type { Resource } from "../../kernel/resources.ts";

/** The processes that walk one table and want their way on kept. */
export class TableFixation implements Resource {
  readonly #counts = new Map<Process, number>();
  readonly #onChange: (isFixed: boolean) => void;

  /** `onChange` is told when the first comes and when the last goes. */
  constructor(onChange: (isFixed: boolean) => void) {
    this.#onChange = onChange;
  }

  get isFixed(): boolean {
    return this.#counts.size > 0;
  }

  /** One more reason of `process` to keep the table fixed. */
  fix(process: Process): void {
    const count = this.#counts.get(process) ?? 0;
    this.#counts.set(process, count + 1);
    if (count > 0) return;
    process.node.resources.hold(process, this);
    if (this.#counts.size === 1) this.#onChange(true);
  }

  /** One reason less. */
  unfix(process: Process): void {
    const count = this.#counts.get(process) ?? 0;
    if (count > 1) this.#counts.set(process, count - 1);
    else if (count === 1) {
      process.node.resources.letGo(process, this);
      this.holderEnded(process);
    }
  }

  holderEnded(holder: Process): void {
    this.#counts.delete(holder);
    if (this.#counts.size === 0) this.#onChange(false);
  }
}
