// Child specs: all that a supervisor knows of a child before it exists, and keeps of it afterwards.

import { brief, type Operation, type Pid, type Suspension } from "@krarup/core";
import { type BackOff, type CheckedBackOff, checkedBackOff, flawInBackOff } from "./back-off.ts";
import { type Flaw, flawOf } from "./flaw.ts";

/** Names a child within its supervisor. */
export type ChildId = string | number;

/** When a child that has ended is started again. */
export type RestartType = "permanent" | "transient" | "temporary";

/** How a child is ended: milliseconds of patience before the kill, none, or any amount. */
export type Shutdown = number | "brutal_kill" | "infinity";

/** Whether a child has children of its own. */
export type ChildType = "worker" | "supervisor";

/** Something a start function may return because it has to wait: an operation, or a generator that uses some. */
export interface Waiting<T> {
  [Symbol.iterator](): Iterator<Suspension, T, void>;
}

/** What every kind of child has. */
export interface AnyChildSpec<M = never> {
  /**
   * Makes the child and links to it; called in the supervisor's process, at the first start and at every restart.
   *
   * `() => spawnLink(body)` and `() => Counter.startLink(10)` are what it mostly looks like. The supervisor does nothing else until
   * the child is there. A {@link StartError} says that it did not come up, or, if ignored, that it need not.
   */
  readonly start: () => Pid<M> | Operation<Pid<M>> | Waiting<Pid<M>>;
  /**
   * `"permanent"`: always. `"transient"`: unless it ended with `"normal"`, `"shutdown"` or `["shutdown", detail]`. `"temporary"`: never,
   * and it is forgotten. Default `"permanent"`.
   */
  readonly restart?: RestartType;
  /**
   * Milliseconds from the exit signal `"shutdown"` to the kill; `"brutal_kill"` kills at once; `"infinity"` waits.
   * Default 5,000 for a worker and `"infinity"` for a supervisor, which has children to end first.
   */
  readonly shutdown?: Shutdown;
  /** Default `"worker"`. */
  readonly type?: ChildType;
  /**
   * Waits before it is restarted, longer each time. Whoever would be restarted with it is ended at once and started with it. Default: it is
   * restarted at once, as in OTP. Restarts are counted all the same, when they happen.
   */
  readonly backOff?: BackOff;
}

/**
 * One child of a supervisor.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#t:child_spec/0 | supervisor:child_spec()}. Differs from OTP: `start`
 * is a function, and there is no list of modules.
 */
export interface ChildSpec<M = never> extends AnyChildSpec<M> {
  /** Unique among the children of one supervisor. */
  readonly id: ChildId;
  /** Whether its end, when it is not started again, counts for the supervisor's `autoShutdown`. Default false. */
  readonly significant?: boolean;
}

/** A child spec with every default filled in. Children of a dynamic supervisor have no id. */
export interface CheckedChildSpec extends Required<Omit<AnyChildSpec, "backOff">> {
  readonly backOff: CheckedBackOff | undefined;
  readonly id: ChildId | undefined;
  readonly significant: boolean;
}

/** The spec of a child as its supervisor tells it: with every default, and without the start function, which does not travel. */
export type ChildDescription = Omit<CheckedChildSpec, "start">;

/** When a supervisor ends by itself because significant children have ended. */
export type AutoShutdown = "never" | "any_significant" | "all_significant";

/** What a spec turned out to be. */
export type CheckedChild = { readonly type: "fine"; readonly spec: CheckedChildSpec } | Flaw;

/** Milliseconds a worker has to end, unless its spec says otherwise. OTP's default. */
const WORKER_SHUTDOWN_MS = 5_000;

type Unchecked = Readonly<Partial<Record<keyof ChildSpec, unknown>>>;

/** Checks the spec of a child of a `Supervisor` and fills in the defaults. */
export function checkChildSpec(given: unknown, autoShutdown: AutoShutdown): CheckedChild {
  if (typeof given !== "object" || given === null) return notASpec(given);
  // Any object may be looked at; every field is checked.
  const spec = given as Unchecked;
  const flaw = flawInId(spec.id) ?? flawInAny(spec) ?? flawInSignificant(spec, autoShutdown);
  return flaw ?? fine(spec);
}

/** As {@link checkChildSpec}, for a child of a `DynamicSupervisor`. */
export function checkDynamicChildSpec(given: unknown): CheckedChild {
  if (typeof given !== "object" || given === null) return notASpec(given);
  // Any object may be looked at; every field is checked.
  const { start, restart, shutdown, type, backOff } = given as Unchecked;
  const spec = { start, restart, shutdown, type, backOff };
  return flawInAny(spec) ?? fine(spec);
}

/** What may be told of a spec. */
export function describeSpec(spec: ChildDescription): ChildDescription {
  const { id, restart, shutdown, type, significant, backOff } = spec;
  return { id, restart, shutdown, type, significant, backOff };
}

function fine(spec: Unchecked): CheckedChild {
  // Every field has been checked.
  const {
    id,
    start,
    restart = "permanent",
    shutdown,
    type = "worker",
    significant = false,
    backOff,
  } = spec as ChildSpec;
  const patience = shutdown ?? (type === "worker" ? WORKER_SHUTDOWN_MS : "infinity");
  const waits = backOff === undefined ? undefined : checkedBackOff(backOff);
  return { type: "fine", spec: { id, start, restart, shutdown: patience, type, significant, backOff: waits } };
}

function notASpec(given: unknown): Flaw {
  return flawOf("invalid_child_spec", given, "a child spec must be an object");
}

function flawInId(id: unknown): Flaw | null {
  if (typeof id === "string" || typeof id === "number") return null;
  if (id === undefined) return { type: "flaw", reason: "missing_id", complaint: "a child spec must have an id" };
  return flawOf("invalid_id", id, "the id of a child must be a string or a number");
}

function flawInAny({ start, restart, shutdown, type, backOff }: Unchecked): Flaw | null {
  if (start === undefined)
    return { type: "flaw", reason: "missing_start", complaint: "a child spec must have a start function" };
  if (typeof start !== "function")
    return flawOf("invalid_start", start, "start must be a function that makes the child and links to it");
  if (!isOneOf(["permanent", "transient", "temporary", undefined], restart))
    return flawOf("invalid_restart_type", restart, "restart must be permanent, transient or temporary");
  if (!isOneOf(["worker", "supervisor", undefined], type))
    return flawOf("invalid_child_type", type, "type must be worker or supervisor");
  if (!isOneOf(["brutal_kill", "infinity", undefined], shutdown) && !isMilliseconds(shutdown))
    return flawOf("invalid_shutdown", shutdown, "shutdown must be milliseconds >= 0, brutal_kill or infinity");
  return backOff === undefined ? null : flawInBackOff(backOff);
}

function flawInSignificant({ restart = "permanent", significant }: Unchecked, autoShutdown: AutoShutdown): Flaw | null {
  if (significant === undefined || significant === false) return null;
  if (significant !== true) return flawOf("invalid_significant", significant, "significant must be true or false");
  if (autoShutdown === "never") return badCombination({ auto_shutdown: "never", significant });
  return restart === "permanent" ? badCombination({ restart, significant }) : null;
}

function badCombination(pair: Readonly<Record<string, unknown>>): Flaw {
  const complaint = `a significant child needs a supervisor with autoShutdown and must not be permanent: current values are ${brief(pair)}`;
  return { type: "flaw", reason: ["bad_combination", pair], complaint };
}

function isOneOf(words: readonly unknown[], value: unknown): boolean {
  return words.includes(value);
}

function isMilliseconds(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
