// The door. Everything that is not deterministic enters the core through this interface and nowhere else: time, chance, turns
// of the event loop, errors that belong to nobody, and output. Three implementations: Node, browser, manual (for tests and
// simulation). A test holds that no other file of the core names a clock, a timer, `Math.random`, `process` or `console`.

/** An error that reached the top of the event loop without passing through a process body. */
export interface StrayError {
  readonly error: unknown;
  /** What the platform had noted as the cause, see {@link Platform.owner}. */
  readonly owner: unknown;
  readonly origin: "uncaught_exception" | "unhandled_rejection";
}

/** What aborts with a process: the environment's own `AbortSignal` where it has one. */
export type CancelSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : MinimalSignal;

/** The part of an `AbortSignal` that exists everywhere. */
export interface MinimalSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A {@link CancelSignal} with its switch. */
export interface Cancellation {
  readonly signal: CancelSignal;
  abort(reason: unknown): void;
}

/** Where a node gets time, chance and turns from. */
export interface Platform {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970, for people; it may jump. */
  systemTime(): number;
  /** At least 0, below 1. */
  random(): number;
  /** Calls `turn` once, soon, from the event loop, after waiting I/O had its chance. Never from a microtask. */
  schedule(turn: () => void): void;
  /** Calls `turn` once at `deadlineMs` on the clock of `now`; replaces the alarm set before. `null` takes it back. */
  setAlarm(deadlineMs: number | null, turn: () => void): void;
  /** While `wanted`, the program does not end for lack of work. */
  keepAlive(wanted: boolean): void;
  /** Prints for people. */
  write(stream: "stdout" | "stderr", text: string): void;
  /** Bytes of what was printed that the reader of the stream has not taken yet. Absent: unknown. */
  readonly backlogBytes?: (stream: "stdout" | "stderr") => number;
  /** Names `current` as the cause of what it starts on the event loop; reads it back there. */
  readonly owner: OwnerTracking;
  /** Makes a signal for work outside the node that must stop with a process. */
  cancellation(): Cancellation;
  /** Hears of errors that belong to no process body, until the returned function is called. */
  onStray(listener: (stray: StrayError) => void): () => void;
  /**
   * Chooses among `count` processes that could run next, for platforms that explore schedules. Absent: the first.
   * @returns a position from 0 to `count - 1`
   */
  readonly choose?: (count: number) => number;
}

/** Ties what happens on the event loop to the process that started it. */
export interface OwnerTracking {
  /** Starts noting `running()` for every callback and promise made from now on. Cheap until the first is made. */
  start(running: () => unknown): void;
  /** What was running when the present callback or promise continuation was made. */
  current(): unknown;
}
