import { CommandError, type Database } from "../database.ts";
import type { Reply } from "../reply.ts";
import type { Command } from "../request-parser.ts";

/** One command. */
export interface CommandSpec {
  /** How many arguments, the name among them; a negative number means that many or more. As Redis counts. */
  readonly arity: number;
  /** Whether it may change what is stored. */
  readonly writes?: boolean;
  /** @throws {@link CommandError} for what the client has done wrong; then nothing has changed */
  readonly run: (database: Database, command: Command) => Reply;
}

export type CommandSpecs = Readonly<Record<string, CommandSpec>>;

const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** Whether `value` is one of the numbers that Redis counts with. */
export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** The integer that `text` spells. @throws {@link CommandError} */
export function integerIn(text: string): bigint {
  const value = INTEGER.test(text) ? BigInt(text) : null;
  if (value === null || !isInt64(value)) throw new CommandError("ERR value is not an integer or out of range");
  return value;
}

/** As {@link integerIn}, for positions and times: what a number cannot hold exactly is as good as rounded. */
export function numberIn(text: string): number {
  return Number(integerIn(text));
}

export function syntaxError(): CommandError {
  return new CommandError("ERR syntax error");
}

export function wrongNumberOfArguments(name: string): CommandError {
  return new CommandError(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
}
