// What a simple_one_for_one supervisor is made of: its limits and its template.

import type { Operation, Pid } from "@krarup/core";
import { type CheckedChildSpec, checkChildSpec, type ChildSpec, type Waiting } from "./child-spec.ts";
import {
  checkIntensity,
  refuseChild,
  requireSpec,
  type RestartIntensity,
  type SupervisorName,
} from "./supervisor-spec.ts";

/** The spec that all children share. */
export interface ChildTemplate<A extends readonly unknown[], M = never> extends Omit<
  ChildSpec<M>,
  "start" | "significant"
> {
  /** Makes a child and links to it, see `ChildSpec`. Called with the same arguments again at every restart of that child. */
  readonly start: (...args: A) => Pid<M> | Operation<Pid<M>> | Waiting<Pid<M>>;
}

/** A simple_one_for_one supervisor. */
export interface SimpleOneForOneSpec<A extends readonly unknown[], M = never> extends RestartIntensity {
  /** What all its children are made from. */
  readonly template: ChildTemplate<A, M>;
  /** Registers the supervisor; if the name is taken, the start fails with reason `["already_started", pid]`. */
  readonly name?: SupervisorName;
}

/** A template with every default filled in. */
export interface CheckedTemplate extends Omit<CheckedChildSpec, "start"> {
  readonly start: (...args: readonly unknown[]) => ReturnType<CheckedChildSpec["start"]>;
}

/** A spec with every default filled in. */
export interface CheckedSimpleOneForOneSpec extends Required<RestartIntensity> {
  readonly template: CheckedTemplate;
  readonly name: SupervisorName | undefined;
}

/** Checks a spec and fills in the defaults. @throws {@link SpecError} */
export function checkSimpleOneForOneSpec<A extends readonly unknown[], M>(
  spec: SimpleOneForOneSpec<A, M>,
): CheckedSimpleOneForOneSpec {
  requireSpec(spec);
  const checked = checkChildSpec(spec.template, "never");
  if (checked.type === "flaw") return refuseChild(checked);
  // It takes what the face of the supervisor lets through, which is typed by A.
  const start = spec.template.start as CheckedTemplate["start"];
  return { ...checkIntensity(spec), template: { ...checked.spec, start }, name: spec.name };
}
