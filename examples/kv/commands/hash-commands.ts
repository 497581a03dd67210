import type { Database } from "../database.ts";
import type { Reply } from "../reply.ts";
import type { Command } from "../request-parser.ts";
import { type CommandSpecs, wrongNumberOfArguments } from "./command-spec.ts";

export const HASH_COMMANDS: CommandSpecs = {
  hset: { arity: -4, writes: true, run: set },
  hget: { arity: 3, run: (database, [, key = "", field = ""]) => database.hash(key)?.get(field) ?? null },
  hgetall: { arity: 2, run: (database, [, key = ""]) => [...(database.hash(key) ?? [])].flat() },
  hlen: { arity: 2, run: (database, [, key = ""]) => database.hash(key)?.size ?? 0 },
  hdel: { arity: -3, writes: true, run: remove },
};

/** @returns how many fields are new */
function set(database: Database, command: Command): Reply {
  if (command.length % 2 !== 0) throw wrongNumberOfArguments("hset");
  const [, key = ""] = command;
  const known = database.hash(key);
  const hash = known ?? new Map<string, string>();
  if (known === undefined) database.put(key, hash);
  const sizeBefore = hash.size;
  for (let i = 2; i < command.length; i += 2) hash.set(command[i] ?? "", command[i + 1] ?? "");
  return hash.size - sizeBefore;
}

/** @returns how many fields were there; a hash that is empty is no more */
function remove(database: Database, [, key = "", ...fields]: Command): Reply {
  const hash = database.hash(key);
  if (hash === undefined) return 0;
  const sizeBefore = hash.size;
  for (const field of fields) hash.delete(field);
  if (hash.size === 0) database.remove(key);
  return sizeBefore - hash.size;
}
