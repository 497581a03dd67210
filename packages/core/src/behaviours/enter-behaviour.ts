// A process that was something else until now becomes a behaviour.

import { requireProcess } from "../kernel/current.ts";
import { KernelOperation, type Operation, PREEMPTED, type Suspension } from "../kernel/operation.ts";
import { ASYNC, LIBRARY, type Process } from "../kernel/process.ts";
import { listLinks } from "../mechanisms/links.ts";
import { KrarupError } from "../values/errors.ts";
import type { BehaviourBody } from "./behaviour-body.ts";

/** Makes the body with which a process goes on; `isLinked` says whether it is to its parent. */
type MakeEntered = (process: Process, isLinked: boolean) => BehaviourBody;

/** An operation that makes the process that runs it a behaviour, and never returns. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` in an async body */
export function enterBehaviour(make: MakeEntered): Operation<never> {
  return new EnterBehaviour(make);
}

class EnterBehaviour extends KernelOperation<never> {
  readonly #make: MakeEntered;

  constructor(make: MakeEntered) {
    super();
    this.#make = make;
  }

  /** The scheduler goes on with the body of the process, and that is another one now. */
  override next(): IteratorResult<Suspension, never> {
    const process = requireProcess("enter the loop of a behaviour");
    if ((process.flags & ASYNC) !== 0)
      throw new KrarupError(
        "ERR_BAD_ARGUMENT",
        "Cannot enter the loop of a behaviour from an async body: write the body as a generator function",
      );
    const { parent } = process;
    process.flags |= LIBRARY;
    process.body = this.#make(process, parent !== null && listLinks(process.links).includes(parent));
    return PREEMPTED;
  }
}
