// One installed event handler, as its manager sees it. Both forms of handlers come down to this.

import type { Process } from "../../kernel/process.ts";
import type { CodeChange } from "../code-change.ts";

/** Which handler: the name of its kind, alone or with an id of its own. */
export type HandlerId<N extends string = string> = N | readonly [N, unknown];

/** What happens to a handler after one of its callbacks. */
export type HandlerVerdict =
  | { readonly do: "keep" }
  | { readonly do: "remove" }
  | { readonly do: "swap"; readonly arg: unknown; readonly by: HandlerId; readonly args: readonly unknown[] }
  | { readonly do: "crash"; readonly why: unknown };

/** A verdict, and the reply if it was a call. */
export interface HandlerAnswer {
  readonly verdict: HandlerVerdict;
  readonly reply: unknown;
}

/** What a callback is called for. */
export type HandlerInput = "event" | "info" | "call";

/** How init is called: for a new handler, or for one that replaces another whose terminate returned `old`. */
export type HandlerStart =
  | { readonly args: readonly unknown[] }
  | { readonly args: readonly unknown[]; readonly old: unknown };

/** The running part of one handler. Callbacks may return generators, which the manager drives. */
export interface HandlerRun {
  callInit(start: HandlerStart): unknown;
  /** Takes what init returned. @returns `"ok"`, or what the starter is told instead */
  initialised(value: unknown): unknown;
  callFor(input: HandlerInput, content: unknown): unknown;
  /** Takes what the callback returned. */
  handled(input: HandlerInput, value: unknown): HandlerAnswer;
  callTerminate(arg: unknown): unknown;
  /** Drops what a failed callback had half done. */
  rollBack(): void;
  /** State for inspection. */
  get visibleState(): unknown;
  get ownState(): unknown;
  set ownState(state: unknown);
  /** Calls the codeChange callback, if there is one. */
  callCodeChange(oldVsn: unknown, extra: unknown): CodeChange;
}

/** Makes handlers of one kind. */
export interface HandlerKind {
  /** Names of the requests it has handlers for. */
  readonly requests: readonly string[];
  make(manager: Process): HandlerRun;
}

/** The name of a handler's kind. */
export function kindOf(id: HandlerId): string {
  return typeof id === "string" ? id : id[0];
}

/** The verdict of almost every callback. */
export const KEEP: HandlerVerdict = { do: "keep" };
