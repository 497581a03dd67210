// Work that would hold up the whole node goes to a thread: what Erlang's dirty schedulers are for.

import type { Node, Operation, Self } from "@krarup/core";
import { isolate, startProcess } from "@krarup/core/internal";
import { checkTimeout } from "../port/check-options.ts";
import { type PortError, portError } from "../port/port-error.ts";
import type { TimeLimit } from "../port/port.ts";
import { sequence, type Steps } from "../port/sequence.ts";
import { outside } from "../outside/outside.ts";
import type { Performed, Threads } from "../outside/threads.ts";

/** A module whose functions can be called in a thread. */
export interface ThreadModule<M> {
  readonly url: string;
  /** Exists for the type checker only. */
  readonly exports?: M;
}

/** The functions among the exports of a module. */
export type FunctionsOf<M> = { [K in keyof M & string as M[K] extends (...args: never) => unknown ? K : never]: M[K] };

/**
 * Names a module for {@link blocking}.
 *
 * @typeParam M - what it exports: `typeof import("../sums.ts")`
 * @param url - `new URL("./sums.ts", import.meta.url)`, or what `import.meta.resolve` answers
 */
export function threadModule<M>(url: URL | string): ThreadModule<M> {
  return { url: String(url) };
}

/**
 * Calls a function in a thread of its own, and waits for what it returns.
 *
 * @remarks
 * What crosses is named, not closed over: a module and the name of an export. The thread has its own copy of the module and knows no
 * processes; arguments and result are copied, and hold neither pids nor refs. If the function returns a promise, its value counts.
 *
 * There is a thread less than the machine has processors; further calls wait for their turn.
 *
 * **Waiting.** This process. When it ends, or when `timeoutMs` is over, the thread is ended in the middle of its work.
 * **Exits.** What the function throws is thrown here.
 * **Cost.** About 20 ms for the first call, which starts a thread; then about 0.05 ms, and the copies.
 *
 * @returns what the function returns; or an error: `"timeout"`, or `"thread_ended"` when the thread has died under it
 * @throws {@link KrarupError} `ERR_NOT_SENDABLE` for arguments that are no plain data
 *
 * @example
 * ```ts no-run
 * import { blocking, orExit, threadModule } from "@krarup/ports";
 *
 * interface Passwords {
 *   hash(password: string): string;
 * }
 * const passwords = threadModule<Passwords>(new URL("./passwords.js", import.meta.url));
 *
 * export function* hashed(password: string) {
 *   return yield* orExit(blocking(passwords, "hash", [password], { timeoutMs: 5_000 }));
 * }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erl_nif.html#dirty_nifs | Erlang, dirty schedulers}
 */
export function blocking<M, K extends keyof FunctionsOf<M> & string>(
  module: ThreadModule<M>,
  name: K,
  args: Readonly<Parameters<Extract<FunctionsOf<M>[K], (...args: never) => unknown>>>,
  { timeoutMs = "infinity" }: TimeLimit = {},
): Operation<Awaited<ReturnType<Extract<FunctionsOf<M>[K], (...args: never) => unknown>>> | PortError> {
  checkTimeout(timeoutMs);
  // A copy of an array is an array.
  const job = { module: module.url, name, args: isolate(args) as readonly unknown[] };
  return sequence(function* (process) {
    const pool = poolOf(process.node);
    const outcome = yield* process.await((signal: AbortSignal) => performed(pool, job, signal, timeoutMs));
    switch (outcome.type) {
      case "returned":
        // The thread has called that very function.
        return outcome.value as Awaited<ReturnType<Extract<FunctionsOf<M>[K], (...args: never) => unknown>>>;
      case "threw":
        throw outcome.error;
      case "lost":
        return portError(`call ${name} in a thread, as ${outcome.why}`, "thread_ended");
      case "timeout":
        return portError(`call ${name} in a thread`, "timeout");
    }
  });
}

/** The outcome of a job; it is given up when `signal` aborts or the time is over. */
function performed(
  pool: Threads,
  job: Parameters<Threads["run"]>[0],
  signal: AbortSignal,
  timeoutMs: number | "infinity",
): Promise<Performed> {
  return new Promise((resolve) => {
    const giveUp = pool.run(job, timeoutMs, (outcome) => {
      signal.removeEventListener("abort", giveUp);
      resolve(outcome);
    });
    signal.addEventListener("abort", giveUp);
  });
}

const pools = new WeakMap<Node, Threads>();

/** The threads of a node, which a process of it holds: they end with that process, and so with the node. */
function poolOf(node: Node): Threads {
  const known = pools.get(node);
  if (known !== undefined) return known;
  const pool = outside("threads")();
  pools.set(node, pool);
  const holder = startProcess(node, threads, [], { daemon: true });
  node.resources.hold(holder, {
    holderEnded() {
      pools.delete(node);
      pool.end();
    },
  });
  return pool;
}

/** Does nothing: it can be seen, and ended. */
function* threads(self: Self<unknown>): Steps<void> {
  for (;;) yield* self.receive();
}
