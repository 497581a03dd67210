import { Ref } from "../values/ref.ts";
import { Monitor } from "../mechanisms/monitors.ts";
import { requireProcess } from "./current.ts";
import { notAPid } from "./misuse.ts";
import { markFreshRef, type Process } from "./process.ts";

/**
 * A second address of a process that can be switched off: what is sent to it afterwards vanishes.
 *
 * @typeParam M - messages its owner understands through it
 */
export class Alias<in M = never> extends Ref {
  /** Exists for the type checker only. */
  declare readonly accepts?: (message: M) => void;
  /** @internal */
  readonly owner: Process;
  /** Whether the first message through it switches it off. @internal */
  readonly once: boolean;
  /** @internal */
  isActive = true;

  /** @internal */
  constructor(id: number, owner: Process, once: boolean) {
    super(id);
    this.owner = owner;
    this.once = once;
  }
}

/**
 * Makes an address of this process that {@link unalias} switches off.
 *
 * @remarks
 * A message through it is received like any other, and also by `self.receive(alias)`, which costs the same however many other
 * messages wait. It is what makes a request with a time-out safe: a late reply goes to an alias that is switched off.
 *
 * @param options - with `once`, the first message through it switches it off
 * @throws {@link KrarupError} `ERR_NOT_IN_PROCESS` outside a process
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#alias/1 | erlang:alias/1}
 */
export function alias<M>(options?: { readonly once?: boolean }): Alias<M> {
  const owner = requireProcess("make an alias");
  const made = new Alias<M>(owner.node.nextRefId(), owner, options?.once === true);
  if (owner.queueLength > 0) markFreshRef(owner, made);
  return made;
}

/**
 * Switches off an alias of this process: one made by {@link alias}, or the ref of a monitor that is one.
 *
 * @returns whether it was active
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#unalias/1 | erlang:unalias/1}
 */
export function unalias(ref: Ref): boolean {
  const process = requireProcess("unalias");
  if (ref instanceof Alias) {
    const wasActive = ref.owner === process && ref.isActive;
    if (wasActive) ref.isActive = false;
    return wasActive;
  }
  if (!(ref instanceof Monitor)) throw notAPid(ref);
  const wasActive = ref.watcher === process && ref.aliasMode !== "none";
  if (wasActive) ref.aliasMode = "none";
  return wasActive;
}
