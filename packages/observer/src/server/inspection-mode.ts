import { InspectionError } from "../errors.ts";
import type { InspectionMode } from "../place/descriptor.ts";

/**
 * What the environment says about inspection: `KRARUP_INSPECT`, which is `off`, `ro` or `rw`; unset, `ro` when `NODE_ENV` is `production`
 * and `rw` otherwise.
 *
 * @throws {@link InspectionError} `ERR_INSPECT_MODE`
 */
export function inspectionMode(env: NodeJS.ProcessEnv = process.env): InspectionMode | "off" {
  const { KRARUP_INSPECT: wanted, NODE_ENV: environment } = env;
  switch (wanted) {
    case undefined:
    case "":
      return environment === "production" ? "ro" : "rw";
    case "off":
    case "ro":
    case "rw":
      return wanted;
    default:
      throw new InspectionError(
        "ERR_INSPECT_MODE",
        `Cannot start inspection as KRARUP_INSPECT must be off, ro or rw: current value is ${JSON.stringify(wanted)}`,
        {
          hint: "unset KRARUP_INSPECT, or set it to ro",
          value: wanted,
        },
      );
  }
}
