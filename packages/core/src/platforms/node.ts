// The door on Node.js (and what is compatible with it). The few globals it needs are declared here by hand, so that the core has no
// Node types and nothing else in it can name them.

import type { Cancellation, CancelSignal, OwnerTracking, Platform, StrayError } from "../kernel/platform.ts";

interface TimerHandle {
  unref(): void;
}

interface AsyncHooks {
  createHook(callbacks: { init(asyncId: number, type: string, triggerAsyncId: number, resource: object): void }): {
    enable(): void;
  };
  executionAsyncResource(): object;
}

interface OutputStream {
  write(text: string): unknown;
  /** Bytes not taken yet. */
  readonly writableLength: number;
}

interface NodeGlobals {
  readonly performance: { now(): number };
  readonly Date: { now(): number };
  readonly Math: { random(): number };
  setImmediate(callback: () => void): unknown;
  setTimeout(callback: () => void, ms: number): TimerHandle;
  clearTimeout(timer: TimerHandle): void;
  setInterval(callback: () => void, ms: number): TimerHandle;
  clearInterval(timer: TimerHandle): void;
  readonly AbortController: new () => { readonly signal: CancelSignal; abort(reason: unknown): void };
  readonly process: {
    readonly stdout: OutputStream;
    readonly stderr: OutputStream;
    on(event: string, listener: (...args: never[]) => void): unknown;
    off(event: string, listener: (...args: never[]) => void): unknown;
    getBuiltinModule(name: "node:async_hooks"): AsyncHooks;
  };
}

// Node has these globals; the standard library's types do not know them.
const globals = globalThis as unknown as NodeGlobals;

/** setTimeout fires at once for anything longer; the node's alarm is set again when a part of the way is over. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/** Longest possible interval of a handle whose only purpose is to exist. */
const KEEP_ALIVE_MS = 2 ** 30;

/** Makes the platform of a node on Node.js. Each node needs one of its own. */
export function nodePlatform(): Platform {
  let alarm: TimerHandle | null = null;
  let keeper: TimerHandle | null = null;
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
    // What keeps the program alive are its processes, never an alarm.
    alarm.unref();
  };
  return {
    now: () => globals.performance.now(),
    systemTime: () => globals.Date.now(),
    random: () => globals.Math.random(),
    schedule: (turn) => void globals.setImmediate(turn),
    setAlarm,
    keepAlive(wanted) {
      if (wanted && keeper === null) keeper = globals.setInterval(() => undefined, KEEP_ALIVE_MS);
      if (wanted || keeper === null) return;
      globals.clearInterval(keeper);
      keeper = null;
    },
    write: (stream, text) => void globals.process[stream].write(text),
    backlogBytes: (stream) => globals.process[stream].writableLength,
    cancellation: (): Cancellation => new globals.AbortController(),
    owner: asyncOwners(),
    onStray: listenForStrays,
  };
}

function listenForStrays(listener: (stray: StrayError) => void): () => void {
  const hooks = globals.process.getBuiltinModule("node:async_hooks");
  const onException = (error: unknown): void =>
    listener({ error, owner: owners.get(hooks.executionAsyncResource()), origin: "uncaught_exception" });
  const onRejection = (error: unknown, promise: object): void =>
    listener({ error, owner: owners.get(promise), origin: "unhandled_rejection" });
  globals.process.on("uncaughtException", onException);
  globals.process.on("unhandledRejection", onRejection);
  return () => {
    globals.process.off("uncaughtException", onException);
    globals.process.off("unhandledRejection", onRejection);
  };
}

/** Promises, timers and other resources of the event loop, with the process that made them. Shared by all nodes of the program. */
const owners = new WeakMap<object, object>();
const runningOf: (() => unknown)[] = [];

/**
 * Notes the running process for each promise, timer and I/O request at its making. The alternative, entering an AsyncLocalStorage at
 * every slice, costs 66 ns a slice; this costs nothing until something asynchronous is made, and then 10 to 70 ns.
 */
function asyncOwners(): OwnerTracking {
  const hooks = globals.process.getBuiltinModule("node:async_hooks");
  const ownerNow = (): unknown => owners.get(hooks.executionAsyncResource());
  return {
    start(running) {
      if (runningOf.push(running) > 1) return;
      hooks
        .createHook({
          init(_asyncId, _type, _triggerAsyncId, resource) {
            const owner = running() ?? ownerNow();
            if (typeof owner === "object" && owner !== null) owners.set(resource, owner);
          },
        })
        .enable();
    },
    current: ownerNow,
  };
}
