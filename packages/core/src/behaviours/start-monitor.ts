import { finished, KernelOperation, type Operation, type Suspension } from "../kernel/operation.ts";
import { demonitor, monitor } from "../kernel/monitor.ts";
import { KrarupError, show } from "../values/errors.ts";
import type { Pid } from "../values/pid.ts";
import type { Ref } from "../values/ref.ts";
import { StartBehaviour } from "./start-behaviour.ts";

/**
 * Starts a behaviour and monitors it in one step: there is no moment in which its end would go unseen.
 *
 * @remarks
 * A start that fails leaves no monitor and no `Down` behind. Monitoring after the start instead gives reason `"noproc"` for a process that
 * has ended in between.
 *
 * @param start - what `start`, `startLink` or `startOpt` of a gen_server, gen_statem or gen_event returned, or `startServer`, `startStatem`
 * @returns the pid, and the ref that the `Down` message carries
 * @throws {@link StartError} as the start does; {@link KrarupError} `ERR_BAD_ARGUMENT` for any other operation
 *
 * @example
 * ```ts
 * import { demonitor, genServer, spawn, startMonitor, stop } from "@krarup/core";
 *
 * const Job = genServer({ init: (name: string) => ({ name }), call: { name: ({ state }) => state.name } });
 *
 * spawn(function* () {
 *   const [job, ref] = yield* startMonitor(Job.start("index"));
 *   yield* Job.call(job).name(); // => "index"
 *   demonitor(ref, { flush: true });
 *   yield* stop(job);
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#start_monitor/3 | gen_server:start_monitor/3}
 */
export function startMonitor<M>(start: Operation<Pid<M>>): Operation<readonly [Pid<M>, Ref]> {
  if (start instanceof StartBehaviour) return new StartMonitor<M>(start);
  throw new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot start and monitor as the start of a behaviour is needed: current value is ${show(start)}`,
    start,
  );
}

class StartMonitor<M> extends KernelOperation<readonly [Pid<M>, Ref]> {
  readonly #start: StartBehaviour<M>;
  #ref: Ref | null = null;

  constructor(start: StartBehaviour<M>) {
    super();
    this.#start = start;
  }

  override next(): IteratorResult<Suspension, readonly [Pid<M>, Ref]> {
    const before = this.#start.process;
    const step = this.#advance();
    const { process } = this.#start;
    // Made in this very step, it has not run yet.
    if (process !== null && process !== before) this.#ref = monitor(process);
    if (step.done !== true) return step;
    // A process that has answered was made in this operation, and is monitored since.
    return finished([step.value, this.#forget() as Ref]);
  }

  #advance(): IteratorResult<Suspension, Pid<M>> {
    try {
      return this.#start.next();
    } catch (error) {
      const ref = this.#forget();
      if (ref !== null) demonitor(ref, { flush: true });
      throw error;
    }
  }

  #forget(): Ref | null {
    const ref = this.#ref;
    this.#ref = null;
    return ref;
  }
}
