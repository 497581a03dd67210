// What clients ask of a server before they use it.

import { CommandError, type Database } from "../database.ts";
import { OK, PONG, type Reply } from "../reply.ts";
import type { Command } from "../request-parser.ts";
import { type CommandSpecs, numberIn, wrongNumberOfArguments } from "./command-spec.ts";

export const SERVER_COMMANDS: CommandSpecs = {
  ping: { arity: -1, run: ping },
  echo: { arity: 2, run: (_database, [, text = ""]) => text },
  select: { arity: 2, run: select },
  command: { arity: -1, run: () => [] },
  client: { arity: -2, run: client },
  config: { arity: -2, run: config },
  info: { arity: -1, run: info },
};

/** What redis-benchmark asks for and prints. */
const SETTINGS: Readonly<Record<string, string>> = { save: "", appendonly: "no" };

function ping(_database: Database, command: Command): Reply {
  if (command.length > 2) throw wrongNumberOfArguments("ping");
  return command[1] ?? PONG;
}

function select(_database: Database, [, number = ""]: Command): Reply {
  if (numberIn(number) !== 0) throw new CommandError("ERR DB index is out of range");
  return OK;
}

function client(_database: Database, [, what = ""]: Command): Reply {
  switch (what.toUpperCase()) {
    case "SETNAME":
    case "SETINFO":
      return OK;
    case "GETNAME":
      return null;
    default:
      throw unknownSubcommand("CLIENT", what);
  }
}

function config(_database: Database, [, what = "", ...names]: Command): Reply {
  if (what.toUpperCase() !== "GET") throw unknownSubcommand("CONFIG", what);
  const known = names.map((name) => name.toLowerCase()).filter((name) => Object.hasOwn(SETTINGS, name));
  return known.flatMap((name) => [name, SETTINGS[name] ?? ""]);
}

function unknownSubcommand(name: string, what: string): CommandError {
  return new CommandError(`ERR unknown subcommand '${what}'. Try ${name} HELP.`);
}

function info(database: Database): Reply {
  const lines = ["# Server", "redis_mode:standalone", "server_name:krarup-kv", "", "# Keyspace"];
  if (database.size > 0) lines.push(`db0:keys=${database.size},expires=${database.expiring},avg_ttl=0`);
  return `${lines.join("\r\n")}\r\n`;
}
