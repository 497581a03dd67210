import { CommandError, type Database } from "../database.ts";
import { OK, type Reply } from "../reply.ts";
import type { Command } from "../request-parser.ts";
import { type CommandSpecs, integerIn, isInt64, wrongNumberOfArguments } from "./command-spec.ts";
import { setOptionsIn } from "./set-options.ts";

export const TEXT_COMMANDS: CommandSpecs = {
  get: { arity: 2, run: (database, [, key = ""]) => database.text(key) ?? null },
  set: { arity: -3, writes: true, run: set },
  mget: { arity: -2, run: (database, [, ...keys]) => keys.map((key) => textOrNull(database, key)) },
  mset: { arity: -3, writes: true, run: setMany },
  incr: { arity: 2, writes: true, run: (database, [, key = ""]) => add(database, key, 1n) },
  decr: { arity: 2, writes: true, run: (database, [, key = ""]) => add(database, key, -1n) },
  incrby: { arity: 3, writes: true, run: (database, [, key = "", by = ""]) => add(database, key, integerIn(by)) },
};

function set(database: Database, command: Command): Reply {
  const [, key = "", value = ""] = command;
  if (command.length === 3) {
    database.put(key, value);
    return OK;
  }
  const { only, lifetime } = setOptionsIn(command.slice(3));
  if (only !== "any" && (database.get(key) !== undefined) !== (only === "present")) return null;
  if (lifetime === "kept") database.replace(key, value);
  else database.put(key, value);
  if (typeof lifetime === "number") database.expireAt(key, database.now() + lifetime);
  return OK;
}

/** MGET calls what is no text nothing. */
function textOrNull(database: Database, key: string): string | null {
  const value = database.get(key);
  return typeof value === "string" ? value : null;
}

function setMany(database: Database, command: Command): Reply {
  if (command.length % 2 === 0) throw wrongNumberOfArguments("mset");
  for (let i = 1; i < command.length; i += 2) database.put(command[i] ?? "", command[i + 1] ?? "");
  return OK;
}

/** Numbers up to 15 digits stay within what a number holds exactly. */
const SHORT_NUMBER = /^(?:0|-?[1-9]\d{0,14})$/;

function add(database: Database, key: string, by: bigint): Reply {
  const text = database.text(key) ?? "0";
  if ((by === 1n || by === -1n) && SHORT_NUMBER.test(text)) {
    const sum = Number(text) + Number(by);
    database.replace(key, String(sum));
    return sum;
  }
  const sum = integerIn(text) + by;
  if (!isInt64(sum)) throw new CommandError("ERR increment or decrement would overflow");
  database.replace(key, String(sum));
  return sum;
}
