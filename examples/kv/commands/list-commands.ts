import { CommandError, type Database } from "../database.ts";
import { List } from "../list.ts";
import { NO_LIST, type Reply } from "../reply.ts";
import type { Command } from "../request-parser.ts";
import { type CommandSpecs, numberIn } from "./command-spec.ts";

export const LIST_COMMANDS: CommandSpecs = {
  lpush: { arity: -3, writes: true, run: (database, command) => push(database, command, "left") },
  rpush: { arity: -3, writes: true, run: (database, command) => push(database, command, "right") },
  lpop: { arity: -2, writes: true, run: (database, command) => pop(database, command, "left") },
  rpop: { arity: -2, writes: true, run: (database, command) => pop(database, command, "right") },
  llen: { arity: 2, run: (database, [, key = ""]) => database.list(key)?.length ?? 0 },
  lrange: { arity: 4, run: range },
};

type End = "left" | "right";

function push(database: Database, command: Command, end: End): Reply {
  const [, key = ""] = command;
  const list = database.list(key) ?? new List();
  if (list.length === 0) database.put(key, list);
  for (let i = 2; i < command.length; i++) {
    if (end === "left") list.pushLeft(command[i] ?? "");
    else list.pushRight(command[i] ?? "");
  }
  return list.length;
}

/** Without a count one element, with it a list of at most so many. A list that is empty is no more. */
function pop(database: Database, command: Command, end: End): Reply {
  const [, key = "", countText] = command;
  const count = countText === undefined ? 1 : numberIn(countText);
  if (count < 0) throw new CommandError("ERR value is out of range, must be positive");
  const list = database.list(key);
  if (list === undefined) return countText === undefined ? null : NO_LIST;
  const popped: string[] = [];
  while (popped.length < count && list.length > 0)
    popped.push((end === "left" ? list.popLeft() : list.popRight()) ?? "");
  if (list.length === 0) database.remove(key);
  return countText === undefined ? (popped[0] ?? null) : popped;
}

/** From one position to another, both inclusive; negative ones count from the end. */
function range(database: Database, [, key = "", first = "", last = ""]: Command): Reply {
  const [from, to] = [numberIn(first), numberIn(last)];
  const list = database.list(key);
  if (list === undefined) return [];
  const fromFront = (at: number): number => (at < 0 ? at + list.length : at);
  return list.slice(Math.max(0, fromFront(from)), Math.min(list.length, fromFront(to) + 1));
}
