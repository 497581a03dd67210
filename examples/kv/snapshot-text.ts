// A snapshot is the commands that make the database: there is no second format, and `redis-cli --pipe` reads it as well.

import { runCommand } from "./commands/run-command.ts";
import type { Database, Value } from "./database.ts";
import { List } from "./list.ts";
import { encode, encodeCommand } from "./reply.ts";
import { type Command, RequestParser } from "./request-parser.ts";

/** Elements of a list or hash in one command, and the bytes after which another begins. */
const ELEMENTS_PER_COMMAND = 512;
const BYTES_PER_COMMAND = 1_048_576;

/** All of `database`, one character for each byte. Cost: O(bytes), in one piece. */
export function snapshotOf(database: Database): string {
  const parts: string[] = [];
  for (const [key, value] of database.entries()) {
    const deadline = database.deadline(key);
    for (const command of commandsFor(key, value)) parts.push(encodeCommand(command));
    if (deadline !== undefined) parts.push(encodeCommand(["PEXPIREAT", key, String(Math.round(deadline))]));
  }
  return parts.join("");
}

function* commandsFor(key: string, value: Value): Generator<Command, void, void> {
  if (typeof value === "string") yield ["SET", key, value];
  else if (value instanceof List) yield* filled(["RPUSH", key], value.slice(0, value.length), 1);
  else yield* filled(["HSET", key], [...value].flat(), 2);
}

/** `start` with the elements behind it, in as many commands as it takes; `step` elements stay together. */
function* filled(start: Command, elements: readonly string[], step: number): Generator<Command, void, void> {
  let command = [...start];
  let bytes = 0;
  for (let i = 0; i < elements.length; i += step) {
    const together = elements.slice(i, i + step);
    command.push(...together);
    for (const { length } of together) bytes += length;
    if (command.length < ELEMENTS_PER_COMMAND && bytes < BYTES_PER_COMMAND) continue;
    yield command;
    command = [...start];
    bytes = 0;
  }
  if (command.length > start.length) yield command;
}

/** Fills `database`, which is empty, from a snapshot. @returns null, or what is wrong with it */
export function restore(database: Database, bytes: Uint8Array): string | null {
  const parser = new RequestParser();
  parser.push(bytes);
  for (let command = parser.next(); command !== null; command = parser.next()) {
    const reply = encode(runCommand(database, command));
    if (reply.startsWith("-")) return reply.trim();
  }
  database.changes = 0;
  return parser.garbage ?? (parser.isWaiting ? "it ends within a command" : null);
}
