// What a dynamic supervisor is made of: its limits. Its children come later.

import { flawOf } from "./flaw.ts";
import {
  checkIntensity,
  refuseFlags,
  requireSpec,
  type RestartIntensity,
  type SupervisorName,
} from "./supervisor-spec.ts";

/** A dynamic supervisor. */
export interface DynamicSupervisorSpec extends RestartIntensity {
  /** Children that may be there at once, those being restarted included; default `"infinity"`. */
  readonly maxChildren?: number | "infinity";
  /** Registers the supervisor; if the name is taken, the start fails with reason `["already_started", pid]`. */
  readonly name?: SupervisorName;
}

/** A spec with every default filled in. */
export interface CheckedDynamicSupervisorSpec extends Required<RestartIntensity> {
  readonly maxChildren: number | "infinity";
  readonly name: SupervisorName | undefined;
}

/** Checks a spec and fills in the defaults. @throws {@link SpecError} */
export function checkDynamicSupervisorSpec(spec: DynamicSupervisorSpec): CheckedDynamicSupervisorSpec {
  requireSpec(spec);
  const { maxChildren = "infinity", name } = spec;
  if (maxChildren !== "infinity" && !(Number.isInteger(maxChildren) && maxChildren >= 0))
    refuseFlags(flawOf("invalid_max_children", maxChildren, "maxChildren must be an integer >= 0 or infinity"));
  return { ...checkIntensity(spec), maxChildren, name };
}
