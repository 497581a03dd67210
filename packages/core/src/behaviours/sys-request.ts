// A request of the system protocol and its answer. What goes wrong while a behaviour is looked at ends who looks, never the behaviour.

import { type CallInfo, systemCall } from "../kernel/call.ts";
import { ExitException } from "../kernel/exit-exception.ts";
import { finished, KernelOperation, type Operation, type Suspension } from "../kernel/operation.ts";
import type { Name } from "../kernel/send.ts";
import type { AnyPid } from "../values/pid.ts";
import type { SystemAnswer, SystemRequest } from "./system-message.ts";

/** Asks a behaviour and waits for its answer. */
export function ask<R>(server: AnyPid | Name, request: SystemRequest, timeoutMs: number | "infinity"): Operation<R> {
  return new SystemCall<R>(server, request, timeoutMs);
}

class SystemCall<R> extends KernelOperation<R> {
  readonly #call: KernelOperation<SystemAnswer<R>>;
  readonly #info: CallInfo;

  constructor(server: AnyPid | Name, request: SystemRequest, timeoutMs: number | "infinity") {
    super();
    this.#call = systemCall(server, request, timeoutMs);
    this.#info = { type: "call", server, request };
  }

  override next(): IteratorResult<Suspension, R> {
    const step = this.#call.next();
    if (step.done !== true) return step;
    if ("answer" in step.value) return finished(step.value.answer);
    throw new ExitException([["callback_failed", step.value.failed], this.#info]);
  }
}
