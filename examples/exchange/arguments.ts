// Numbers from the command line.

import { KrarupError } from "@krarup/core";

/** The number that `--name` was given. @throws {@link KrarupError} when it is not above 0 */
export function positive(name: string, given: string): number {
  const value = Number(given);
  if (Number.isFinite(value) && value > 0) return value;
  throw refusal(name, "a number above 0", given);
}

/** The whole number that `--name` was given. @throws {@link KrarupError} when it is none from 1 to 2^32 - 1 */
export function whole(name: string, given: string): number {
  const value = Number(given);
  if (Number.isInteger(value) && value > 0 && value < 2 ** 32) return value;
  throw refusal(name, "a whole number from 1 to 4294967295", given);
}

function refusal(name: string, needed: string, given: string): KrarupError {
  const action = `Cannot read --${name} as it must be ${needed}`;
  return new KrarupError("ERR_BAD_ARGUMENT", `${action}: current value is ${JSON.stringify(given)}`, given);
}
