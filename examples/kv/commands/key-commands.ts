import { CommandError, type Database, type Value } from "../database.ts";
import { LIFETIME_MS_MAX } from "../limits.ts";
import { List } from "../list.ts";
import { OK, type Reply, type Word } from "../reply.ts";
import type { Command } from "../request-parser.ts";
import { type CommandSpecs, numberIn } from "./command-spec.ts";

export const KEY_COMMANDS: CommandSpecs = {
  del: { arity: -2, writes: true, run: (database, [, ...keys]) => count(keys, (key) => database.remove(key)) },
  exists: { arity: -2, run: (database, [, ...keys]) => count(keys, (key) => database.get(key) !== undefined) },
  type: { arity: 2, run: (database, [, key = ""]) => typeWord(database.get(key)) },
  expire: { arity: -3, writes: true, run: (database, command) => expire(database, command, 1_000, database.now()) },
  pexpire: { arity: -3, writes: true, run: (database, command) => expire(database, command, 1, database.now()) },
  pexpireat: { arity: -3, writes: true, run: (database, command) => expire(database, command, 1, 0) },
  persist: { arity: 2, writes: true, run: persist },
  ttl: { arity: 2, run: (database, [, key = ""]) => lifetimeLeft(database, key, 1_000) },
  pttl: { arity: 2, run: (database, [, key = ""]) => lifetimeLeft(database, key, 1) },
  dbsize: { arity: 1, run: (database) => database.size },
  flushall: { arity: -1, writes: true, run: clear },
  flushdb: { arity: -1, writes: true, run: clear },
};

function count(keys: readonly string[], test: (key: string) => boolean): number {
  let found = 0;
  for (const key of keys) if (test(key)) found++;
  return found;
}

function typeWord(value: Value | undefined): Word {
  if (value === undefined) return { type: "word", text: "none" };
  if (typeof value === "string") return { type: "word", text: "string" };
  return { type: "word", text: value instanceof List ? "list" : "hash" };
}

/** Makes a key expire `unitMs` times its argument after `since`. */
function expire(database: Database, command: Command, unitMs: number, since: number): Reply {
  const [name = "", key = "", time = ""] = command;
  if (command.length > 3) throw new CommandError(`ERR Unsupported option ${command[3]}`);
  const deadline = since + numberIn(time) * unitMs;
  if (Math.abs(deadline) > LIFETIME_MS_MAX)
    throw new CommandError(`ERR invalid expire time in '${name.toLowerCase()}' command`);
  if (database.get(key) === undefined) return 0;
  database.expireAt(key, deadline);
  return 1;
}

function persist(database: Database, [, key = ""]: Command): Reply {
  return database.get(key) !== undefined && database.keep(key) ? 1 : 0;
}

/** -2 for a key that is not there, -1 for one that stays. */
function lifetimeLeft(database: Database, key: string, unitMs: number): number {
  if (database.get(key) === undefined) return -2;
  const deadline = database.deadline(key);
  return deadline === undefined ? -1 : Math.round((deadline - database.now()) / unitMs);
}

function clear(database: Database): Reply {
  database.clear();
  return OK;
}
