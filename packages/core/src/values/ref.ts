import { Identity } from "./identity.ts";
import { inspectAsPrinted } from "./inspect.ts";

/**
 * A unique reference: the identity of a monitor, an alias, a timer or a request.
 *
 * @remarks
 * Two refs are the same exactly when they are `===`; a ref is a Map key, travels in messages unchanged and is never reused.
 * It prints as `#Ref<0.17>`.
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#make_ref/0 | erlang:make_ref/0}
 */
export class Ref extends Identity {
  // Fields of refs are declared and set in constructors: V8 runs a function for the fields of each class of a chain, and a call makes one
  // of the longest chain: 25 ns or 12 (bench `gen-server`).
  /** Position in the order in which its node made refs. */
  declare readonly id: number;

  constructor(id: number) {
    super();
    this.id = id;
  }

  /** `#Ref<0.17>` */
  override toString(): string {
    return `#Ref<0.${this.id}>`;
  }

  /** The printed form, so that a ref inside logged JSON stays readable. */
  toJSON(): string {
    return this.toString();
  }
}

inspectAsPrinted(Ref.prototype);
