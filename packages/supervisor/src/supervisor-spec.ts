// What a supervisor is made of: its flags and its children.

import { isPid, type Name } from "@krarup/core";
import {
  type AutoShutdown,
  type CheckedChildSpec,
  checkChildSpec,
  type ChildId,
  type ChildSpec,
} from "./child-spec.ts";
import { SpecError } from "./errors.ts";
import { type Flaw, flawOf } from "./flaw.ts";
import type { Strategy } from "./strategy.ts";

/** The name under which a supervisor can be registered. */
export type SupervisorName = Extract<Name, string | { readonly via: unknown }>;

/** How many restarts are tolerated. One more within `periodMs`, and the supervisor ends its children and itself. */
export interface RestartIntensity {
  /** Restarts tolerated within `periodMs`, in whole numbers from 0; default 3. */
  readonly intensity?: number;
  /** Milliseconds that a restart counts; default 5,000. */
  readonly periodMs?: number;
}

/**
 * A supervisor and its children.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/supervisor.html#t:sup_flags/0 | supervisor:sup_flags()}. Differs from OTP: the default
 * intensity is Elixir's 3 in 5 s, OTP's is 1 in 5 s; the period is in milliseconds and counted in milliseconds.
 */
export interface SupervisorSpec extends RestartIntensity {
  /**
   * Who is restarted together with a child: nobody (`"one_for_one"`), everybody (`"one_for_all"`), or those that were started after it
   * (`"rest_for_one"`). Default `"one_for_one"`.
   */
  readonly strategy?: Strategy;
  /**
   * Ends the supervisor, with reason `"shutdown"`, when one significant child (`"any_significant"`) or the last of them
   * (`"all_significant"`) has ended and is not started again. Default `"never"`.
   */
  readonly autoShutdown?: AutoShutdown;
  /** Registers the supervisor; if the name is taken, the start fails with reason `["already_started", pid]`. */
  readonly name?: SupervisorName;
  /** Started in this order, ended in the opposite one. Default none. */
  readonly children?: readonly ChildSpec[];
}

/** Restarts tolerated within {@link RESTART_PERIOD_MS}, unless the spec says otherwise. Elixir's default. */
const RESTARTS_MAX = 3;

/** Milliseconds that a restart counts, unless the spec says otherwise. OTP's default. */
const RESTART_PERIOD_MS = 5_000;

/** A spec with every default filled in. */
export interface CheckedSupervisorSpec extends Required<RestartIntensity> {
  readonly strategy: Strategy;
  readonly autoShutdown: AutoShutdown;
  readonly name: SupervisorName | undefined;
  readonly children: readonly CheckedChildSpec[];
}

/** Checks a spec and fills in the defaults. @throws {@link SpecError} */
export function checkSupervisorSpec(spec: SupervisorSpec): CheckedSupervisorSpec {
  requireSpec(spec);
  const { strategy = "one_for_one", autoShutdown = "never", name, children = [] } = spec;
  if (!["one_for_one", "one_for_all", "rest_for_one"].includes(strategy))
    refuseFlags(flawOf("invalid_strategy", strategy, "strategy must be one_for_one, one_for_all or rest_for_one"));
  if (!["never", "any_significant", "all_significant"].includes(autoShutdown))
    refuseFlags(
      flawOf("invalid_auto_shutdown", autoShutdown, "autoShutdown must be never, any_significant or all_significant"),
    );
  const limits = checkIntensity(spec);
  return { ...limits, strategy, autoShutdown, name, children: checkChildren(children, autoShutdown) };
}

/**
 * Refuses what is the spec of no kind of supervisor. A list of child specs or a promise would otherwise pass for a spec without children.
 *
 * @throws {@link SpecError}
 */
export function requireSpec(spec: unknown): void {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec) || isPid(spec) || "then" in spec)
    refuseFlags(flawOf("invalid_type", spec, "its spec must be an object of flags and children"));
}

/** Checks the restart intensity of any kind of supervisor. @throws {@link SpecError} */
export function checkIntensity({
  intensity = RESTARTS_MAX,
  periodMs = RESTART_PERIOD_MS,
}: RestartIntensity): Required<RestartIntensity> {
  if (!Number.isInteger(intensity) || intensity < 0)
    refuseFlags(flawOf("invalid_intensity", intensity, "intensity must be an integer >= 0"));
  if (!Number.isFinite(periodMs) || periodMs <= 0)
    refuseFlags(flawOf("invalid_period", periodMs, "periodMs must be a number > 0"));
  return { intensity, periodMs };
}

/** Refuses the flags of a supervisor. */
export function refuseFlags(flaw: Flaw): never {
  throw new SpecError("ERR_INVALID_SUPERVISOR_SPEC", ["supervisor_data", flaw.reason], flaw.complaint);
}

function checkChildren(specs: readonly ChildSpec[], autoShutdown: AutoShutdown): CheckedChildSpec[] {
  if (!Array.isArray(specs)) refuseFlags(flawOf("invalid_children", specs, "children must be an array of child specs"));
  const known = new Set<ChildId | undefined>();
  return specs.map((given) => {
    const checked = checkChildSpec(given, autoShutdown);
    if (checked.type === "flaw") return refuseChild(checked);
    const { spec } = checked;
    if (known.has(spec.id)) refuseChild(flawOf("duplicate_child_name", spec.id, "each child needs an id of its own"));
    known.add(spec.id);
    return spec;
  });
}

/** Refuses the spec of a child. */
export function refuseChild(flaw: Flaw): never {
  throw new SpecError("ERR_INVALID_CHILD_SPEC", ["start_spec", flaw.reason], flaw.complaint);
}
