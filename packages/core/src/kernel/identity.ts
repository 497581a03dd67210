import { Ref } from "../values/ref.ts";
import { currentNode, currentProcess, requireProcess } from "./current.ts";
import { markFreshRef } from "./process.ts";
import type { Self } from "./self.ts";

/**
 * Makes a ref that equals no other.
 *
 * @remarks
 * A receive whose pattern names it, made while it is the last ref of this process, does not look at messages that were there before: they
 * cannot contain it.
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#make_ref/0 | erlang:make_ref/0}
 */
export function makeRef(): Ref {
  const process = currentProcess();
  const ref = new Ref((process?.node ?? currentNode()).nextRefId());
  if (process !== null && process.queueLength > 0) markFreshRef(process, ref);
  return ref;
}

/**
 * The running process, for code that was not handed it.
 *
 * @typeParam M - messages its body receives: the caller's claim, which nothing checks
 * @throws {@link KrarupError} `ERR_NOT_IN_PROCESS` outside a process
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#self/0 | erlang:self/0}
 */
export function self<M = unknown>(): Self<M> {
  // The record is the typed face's implementation; M is the caller's claim.
  return requireProcess("self") as unknown as Self<M>;
}
