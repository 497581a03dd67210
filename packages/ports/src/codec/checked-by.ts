import { KrarupError } from "@krarup/core";
import type { StandardSchemaV1 } from "@krarup/supervisor";
import { REFUSED, type Refused, type Value } from "../port/value-framing.ts";

/**
 * What puts a value that came into its envelope, after `schema` has looked at it.
 *
 * @returns a function that throws {@link KrarupError} `ERR_BAD_ARGUMENT` when the schema returns a promise: a port waits for nobody
 */
export function checkedBy<T>(schema: StandardSchemaV1<unknown, T> | undefined): (value: unknown) => Value<T> | Refused {
  // Without a schema T is what the format itself can express.
  if (schema === undefined) return (value) => ({ type: "value", value: value as T });
  const { validate } = schema["~standard"];
  return (value) => {
    const result = validate(value);
    if (result instanceof Promise)
      throw new KrarupError("ERR_BAD_ARGUMENT", "Cannot check a value as its schema returns a promise", schema);
    return result.issues === undefined ? { type: "value", value: result.value } : REFUSED;
  };
}
