// Registered names.

import { KrarupError, show } from "../values/errors.ts";
import type { AnyPid, Pid } from "../values/pid.ts";
import { currentNode } from "./current.ts";
import { EVENT_BIT } from "./events.ts";
import { isLiving, recordOf } from "./process.ts";

/** A registry of one's own, for `{ via, name }`: OTP's four operations. */
export interface NameRegistry {
  /** Gives `name` to `pid`. @returns whether it was free */
  registerName(name: unknown, pid: AnyPid): boolean;
  unregisterName(name: unknown): void;
  whereisName(name: unknown): AnyPid | undefined;
  /** Sends `message` to the holder. @throws when there is none */
  send(name: unknown, message: unknown): void;
}

/** A name held by a registry of its own. */
export interface Via {
  readonly via: NameRegistry;
  readonly name: unknown;
}

/**
 * Registers a process under a name, so that it can be found without its pid.
 *
 * @remarks
 * One name per process, one process per name. The name is free again as soon as the process has ended, before anybody hears of the end.
 * Any process may register any other.
 *
 * @returns true
 * @throws {@link KrarupError} `ERR_NAME_TAKEN` when the name or the process is taken, `ERR_BAD_ARGUMENT` when the process has ended, and
 * for an empty name or `"undefined"`
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#register/2 | erlang:register/2}
 */
export function register(name: string, pid: AnyPid): true {
  const process = recordOf(pid);
  if (!isLiving(process))
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot register ${String(process)} as ${show(name)} as it has ended`,
      pid,
    );
  process.node.nameProcess(name, process);
  return true;
}

/**
 * Frees a name.
 *
 * @returns true
 * @throws {@link KrarupError} `ERR_NOT_REGISTERED` when nobody holds it
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#unregister/1 | erlang:unregister/1}
 */
export function unregister(name: string): true {
  const node = currentNode();
  const holder = node.names.unregister(name);
  if (holder === undefined)
    throw new KrarupError("ERR_NOT_REGISTERED", `Cannot unregister as nobody is registered as ${show(name)}`, name);
  if ((node.events.wanted & EVENT_BIT.unregister) !== 0)
    node.events.emit({ type: "unregister", at: node.now(), pid: holder, name });
  return true;
}

/**
 * Finds who is registered under a name.
 *
 * @typeParam M - messages the holder understands: the caller's claim, which nothing checks
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#whereis/1 | erlang:whereis/1}
 */
export function whereis<M = never>(name: string): Pid<M> | undefined {
  return currentNode().names.whereis(name);
}

/** Every registered name, in order of registration. */
export function registered(): string[] {
  return currentNode().names.names();
}
