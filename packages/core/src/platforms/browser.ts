// The door in a browser or a web worker. The globals it needs are declared here by hand, so that nothing else in the core can name them.

import type { Cancellation, CancelSignal, OwnerTracking, Platform, StrayError } from "../kernel/platform.ts";

interface BrowserEvent {
  readonly error?: unknown;
  readonly reason?: unknown;
  preventDefault(): void;
}

interface BrowserGlobals {
  readonly performance: { now(): number };
  readonly Date: { now(): number };
  readonly Math: { random(): number };
  readonly console: { log(text: string): void; error(text: string): void };
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(timer: number): void;
  readonly MessageChannel: new () => {
    readonly port1: { onmessage: (() => void) | null };
    readonly port2: { postMessage(message: null): void };
  };
  readonly AbortController: new () => { readonly signal: CancelSignal; abort(reason: unknown): void };
  addEventListener(type: string, listener: (event: BrowserEvent) => void): void;
  removeEventListener(type: string, listener: (event: BrowserEvent) => void): void;
}

// Browsers have these globals; the standard library's types do not know them.
const globals = globalThis as unknown as BrowserGlobals;
const TIMEOUT_MS_MAX = 2 ** 31 - 1;
const NO_OWNERS: OwnerTracking = { start: () => undefined, current: () => undefined };

/** Makes the platform of a node in a browser. A page lives as long as it is open, so nothing needs to keep it alive. */
export function browserPlatform(): Platform {
  let alarm: number | null = null;
  const setAlarm = (deadlineMs: number | null, turn: () => void): void => {
    if (alarm !== null) globals.clearTimeout(alarm);
    alarm = null;
    if (deadlineMs === null) return;
    const delayMs = Math.max(0, Math.ceil(deadlineMs - globals.performance.now()));
    alarm = globals.setTimeout(
      () => {
        if (globals.performance.now() >= deadlineMs) turn();
        else setAlarm(deadlineMs, turn);
      },
      Math.min(delayMs, TIMEOUT_MS_MAX),
    );
  };
  return {
    now: () => globals.performance.now(),
    systemTime: () => globals.Date.now(),
    random: () => globals.Math.random(),
    schedule: messageTurns(),
    setAlarm,
    keepAlive: () => undefined,
    write: (stream, text) =>
      stream === "stdout" ? globals.console.log(text.trimEnd()) : globals.console.error(text.trimEnd()),
    cancellation: (): Cancellation => new globals.AbortController(),
    // Browsers cannot tell who made a promise: errors of async code outside a process body are stray here.
    owner: NO_OWNERS,
    onStray: listenForStrays,
  };
}

/** A page has no setImmediate, and setTimeout waits 4 ms; unlike in Node, a message is one task and lets rendering in. */
function messageTurns(): (turn: () => void) => void {
  const { port1, port2 } = new globals.MessageChannel();
  const turns: (() => void)[] = [];
  port1.onmessage = () => turns.shift()?.();
  return (turn) => {
    turns.push(turn);
    port2.postMessage(null);
  };
}

function listenForStrays(listener: (stray: StrayError) => void): () => void {
  const onError = (event: BrowserEvent): void => {
    event.preventDefault();
    listener({ error: event.error, owner: undefined, origin: "uncaught_exception" });
  };
  const onRejection = (event: BrowserEvent): void => {
    event.preventDefault();
    listener({ error: event.reason, owner: undefined, origin: "unhandled_rejection" });
  };
  globals.addEventListener("error", onError);
  globals.addEventListener("unhandledrejection", onRejection);
  return () => {
    globals.removeEventListener("error", onError);
    globals.removeEventListener("unhandledrejection", onRejection);
  };
}
