// The event stream of a node: what all inspection builds on. Without a subscriber a site costs one branch.

import type { AnyPid } from "../values/pid.ts";
import type { Ref } from "../values/ref.ts";

/** Something that happened in a node. `at` is in milliseconds on the node's clock. */
export type KernelEvent =
  | { readonly type: "spawn"; readonly at: number; readonly pid: AnyPid; readonly parent: AnyPid | null }
  | { readonly type: "exit"; readonly at: number; readonly pid: AnyPid; readonly reason: unknown }
  | { readonly type: "link" | "unlink"; readonly at: number; readonly pid: AnyPid; readonly peer: AnyPid }
  | { readonly type: "register" | "unregister"; readonly at: number; readonly pid: AnyPid; readonly name: string }
  | {
      readonly type: "send";
      readonly at: number;
      readonly from: AnyPid | null;
      readonly to: AnyPid;
      readonly message: unknown;
    }
  | { readonly type: "receive"; readonly at: number; readonly pid: AnyPid; readonly message: unknown }
  | { readonly type: "timeout"; readonly at: number; readonly pid: AnyPid; readonly ref: Ref }
  | {
      readonly type: "slice";
      readonly at: number;
      readonly pid: AnyPid;
      readonly reductions: number;
      readonly durationMs: number;
    }
  | { readonly type: "long_mailbox"; readonly at: number; readonly pid: AnyPid; readonly length: number }
  | { readonly type: "crash"; readonly at: number; readonly report: CrashReport }
  | { readonly type: "stray"; readonly at: number; readonly error: unknown; readonly pid: AnyPid | null }
  | { readonly type: "report"; readonly at: number; readonly pid: AnyPid | null; readonly report: Report };

/** What a library process wants known: a supervisor's restart, a progress note. */
export interface Report {
  readonly label: string;
  readonly level: "debug" | "info" | "notice" | "warning" | "error";
  readonly details: Readonly<Record<string, unknown>>;
}

/** What is known of a process at the moment of its unexpected end. */
export interface CrashReport {
  readonly pid: AnyPid;
  readonly name: string | undefined;
  readonly label: unknown;
  readonly entry: string;
  /** Whether it ran a behaviour or a supervisor. OTP has crash reports of these only, and logs other crashes as plain errors. */
  readonly isLibrary: boolean;
  readonly reason: unknown;
  /** Of a behaviour: the message in hand, and the state before it. */
  readonly handling?: unknown;
  readonly state?: unknown;
  readonly ancestors: readonly AnyPid[];
  readonly links: readonly AnyPid[];
  /** Messages that were waiting and are lost with the process. */
  readonly queueLength: number;
  /** Up to three of them, oldest first. */
  readonly waiting: readonly unknown[];
  readonly reductions: number;
  readonly ageMs: number;
}

/** The kinds of events, each to be subscribed to by itself. */
export type KernelEventType = KernelEvent["type"];

/** One bit per kind, so that a site asks "does anybody want this?" with one `&`. */
export const EVENT_BIT: Readonly<Record<KernelEventType, number>> = {
  spawn: 1,
  exit: 2,
  link: 4,
  unlink: 4,
  register: 8,
  unregister: 8,
  send: 16,
  receive: 32,
  timeout: 64,
  slice: 128,
  long_mailbox: 256,
  crash: 512,
  stray: 1024,
  report: 2048,
};

/** Kinds that happen several times per message: wanting one switches the processes of the node to the traced path. */
const TRACED_BITS: number = EVENT_BIT.send | EVENT_BIT.receive | EVENT_BIT.slice;

type Listener = (event: KernelEvent) => void;

/** Who wants which events. */
export class EventStream {
  readonly #listeners = new Map<KernelEventType, Set<Listener>>();
  readonly #onListenerError: (error: unknown) => void;

  readonly #onChange: () => void;

  /** `onChange` is called whenever {@link wanted} may have changed. */
  constructor(onListenerError: (error: unknown) => void, onChange: () => void) {
    this.#onListenerError = onListenerError;
    this.#onChange = onChange;
  }

  /** Bits of the kinds that somebody wants, see {@link EVENT_BIT}. */
  wanted = 0;

  /** Whether anybody wants events that need the traced path. */
  get wantsTracing(): boolean {
    return (this.wanted & TRACED_BITS) !== 0;
  }

  /** Calls `listener` for each event of `types` until the returned function is called. */
  subscribe(types: readonly KernelEventType[], listener: Listener): () => void {
    for (const type of types) {
      const listeners = this.#listeners.get(type) ?? new Set();
      this.#listeners.set(type, listeners.add(listener));
    }
    this.#recount();
    return () => {
      for (const type of types) this.#remove(type, listener);
    };
  }

  /** Tells every listener of the event's type. A listener that throws is removed, and its error reported as stray. */
  emit(event: KernelEvent): void {
    for (const listener of this.#listeners.get(event.type) ?? []) {
      try {
        listener(event);
      } catch (error) {
        this.#remove(event.type, listener);
        this.#onListenerError(error);
      }
    }
  }

  #remove(type: KernelEventType, listener: Listener): void {
    const listeners = this.#listeners.get(type);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(type);
    this.#recount();
  }

  #recount(): void {
    this.wanted = 0;
    for (const type of this.#listeners.keys()) this.wanted |= EVENT_BIT[type];
    this.#onChange();
  }
}
