// Starting a behaviour: registration first, then init, then the answer to the starter.

import { currentNode, requireProcess } from "../kernel/current.ts";
import { terminate } from "../kernel/exit.ts";
import { finished, KernelOperation, type Operation, type Suspension } from "../kernel/operation.ts";
import type { NameRegistry, Via } from "../kernel/names.ts";
import { type Process } from "../kernel/process.ts";
import { type InternalSpawnOptions, type SpawnOptions, startBody } from "../kernel/spawn.ts";
import { isolate } from "../mechanisms/isolate.ts";
import type { Pid } from "../values/pid.ts";
import type { BehaviourBody, StartAnswer } from "./behaviour-body.ts";
import { checkedDebug, type DebugOption } from "./debugging.ts";
import { type Acknowledge, StartError, startSync } from "./proc-lib.ts";

/** How one behaviour process is started. */
export interface BehaviourOptions extends Omit<SpawnOptions, "link" | "node"> {
  /** Registered before init runs; taken already, the start fails with reason `["already_started", pid]`. */
  readonly name?: string | Via;
  /** Milliseconds that init may take; then the process is killed and the start fails with `"timeout"`. Default `"infinity"`. */
  readonly timeoutMs?: number | "infinity";
  /** What is debugged from its first message on, as if by {@link sys}. */
  readonly debug?: readonly DebugOption[];
}

/** Makes the body of a new process. */
export type MakeBody = (process: Process, acknowledge: Acknowledge<StartAnswer>, isLinked: boolean) => BehaviourBody;

/** An operation that starts a behaviour and returns its pid. @throws {@link StartError} */
export function startBehaviour<M>(
  make: MakeBody,
  entry: unknown,
  isLinked: boolean,
  options: BehaviourOptions,
): Operation<Pid<M>> {
  return new StartBehaviour<M>(make, entry, isLinked, options);
}

/** Start arguments follow the rules of messages. @throws {@link KrarupError} `ERR_NOT_SENDABLE` */
export function isolateArguments<A>(args: A): A {
  // A copy has the type of what was copied.
  return isolate(args) as A;
}

/** The operation of a start. */
export class StartBehaviour<M> extends KernelOperation<Pid<M>> {
  readonly #start: KernelOperation<StartAnswer>;
  readonly #options: BehaviourOptions;
  #process: Process | null = null;

  constructor(make: MakeBody, entry: unknown, isLinked: boolean, options: BehaviourOptions) {
    super();
    this.#options = options;
    const spawnOptions: InternalSpawnOptions = { ...options, link: isLinked, library: true, entry };
    const debug = options.debug === undefined ? undefined : checkedDebug(options.debug);
    const begin = (acknowledge: Acknowledge<StartAnswer>): Process => {
      refuseTakenName(options.name);
      const process = startBody(
        currentNode(),
        (born) => {
          const body = make(born, acknowledge, isLinked);
          if (debug !== undefined) body.startDebugging(debug);
          return body;
        },
        spawnOptions,
      );
      this.#process = process;
      registerAs(options.name, process);
      return process;
    };
    this.#start = startSync(begin, options.timeoutMs ?? "infinity");
  }

  /** The process that is starting or has started last; null before. */
  get process(): Process | null {
    return this.#process;
  }

  override next(): IteratorResult<Suspension, Pid<M>> {
    requireProcess("start a behaviour");
    const step = this.#start.next();
    if (step.done !== true) return step;
    if (step.value.type === "failed") {
      unregisterVia(this.#options.name);
      throw new StartError(step.value.reason, step.value.isIgnored);
    }
    // The process was made before it could answer.
    return finished(this.#process as Process);
  }
}

function refuseTakenName(name: string | Via | undefined): void {
  if (name === undefined) return;
  const holder = typeof name === "string" ? currentNode().names.whereis(name) : name.via.whereisName(name.name);
  if (holder !== undefined) throw new StartError(["already_started", holder]);
}

function registerAs(name: string | Via | undefined, process: Process): void {
  if (typeof name === "string") process.node.nameProcess(name, process);
  else if (name !== undefined) registerVia(name.via, name.name, process);
}

function registerVia(registry: NameRegistry, name: unknown, process: Process): void {
  if (registry.registerName(name, process)) return;
  // Somebody else was quicker: the process, which has not run yet, is not wanted.
  terminate(process, "normal");
  throw new StartError(["already_started", registry.whereisName(name)]);
}

function unregisterVia(name: string | Via | undefined): void {
  if (typeof name === "object") name.via.unregisterName(name.name);
}
