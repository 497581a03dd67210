import { CommandError, type Database } from "../database.ts";
import { failure, type Reply } from "../reply.ts";
import type { Command } from "../request-parser.ts";
import { type CommandSpec, wrongNumberOfArguments } from "./command-spec.ts";
import { HASH_COMMANDS } from "./hash-commands.ts";
import { KEY_COMMANDS } from "./key-commands.ts";
import { LIST_COMMANDS } from "./list-commands.ts";
import { SERVER_COMMANDS } from "./server-commands.ts";
import { TEXT_COMMANDS } from "./text-commands.ts";

/** What the store does, by name; in both spellings that clients use, so that most names are found as they come. */
export const STORE_COMMANDS: ReadonlyMap<string, CommandSpec> = new Map(
  [TEXT_COMMANDS, KEY_COMMANDS, LIST_COMMANDS, HASH_COMMANDS, SERVER_COMMANDS]
    .flatMap((specs) => Object.entries(specs))
    .flatMap(([name, spec]) => [[name, spec] as const, [name.toUpperCase(), spec] as const]),
);

/** Does one command. */
export function runCommand(database: Database, command: Command): Reply {
  const [name = ""] = command;
  const spec = STORE_COMMANDS.get(name) ?? STORE_COMMANDS.get(name.toLowerCase());
  if (spec === undefined) return unknownCommand(command);
  try {
    if (!fits(command, spec.arity)) throw wrongNumberOfArguments(name);
    const reply = spec.run(database, command);
    if (spec.writes === true) database.changes++;
    return reply;
  } catch (thrown) {
    if (thrown instanceof CommandError) return failure(thrown.message);
    throw thrown;
  }
}

/** Whether `command` has as many arguments as `arity` says. */
export function fits({ length }: Command, arity: number): boolean {
  return arity >= 0 ? length === arity : length >= -arity;
}

/** Redis quotes the name and the beginning of the arguments, up to 128 characters of each. */
function unknownCommand([name = "", ...args]: Command): Reply {
  let quoted = "";
  for (const text of args) {
    if (quoted.length >= 128) break;
    quoted += `'${text.slice(0, 128 - quoted.length)}' `;
  }
  return failure(`ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${quoted}`);
}
