import { KrarupError } from "@krarup/core";
import { VALUE_DEPTH_MAX, VALUES_MAX } from "../port/limits.ts";
import { brief } from "@krarup/core";

/** How large a received value may be. */
export interface Bounds {
  readonly depthMax: number;
  readonly valuesMax: number;
}

/** Beyond these a value may not fit into a message, which counts an object once as a part and once as itself. */
const DEPTH_CEILING = 500;
const VALUES_CEILING = 400_000;

/** The bounds with every default. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for one that makes no sense */
export function checkedBounds(given: Partial<Bounds>): Bounds {
  const { depthMax = VALUE_DEPTH_MAX, valuesMax = VALUES_MAX } = given;
  checkBound("depthMax", depthMax, DEPTH_CEILING);
  checkBound("valuesMax", valuesMax, VALUES_CEILING);
  return { depthMax, valuesMax };
}

function checkBound(name: string, value: number, ceiling: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= ceiling) return;
  throw new KrarupError(
    "ERR_BAD_ARGUMENT",
    `Cannot make a framing as ${name} must be an integer from 1 to ${ceiling}: current value is ${brief(value)}`,
    value,
  );
}
