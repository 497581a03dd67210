// Commands that are no affair of the store: about the connection itself, or about others.

import { ExitException, type Suspension } from "@krarup/core";
import { wrongNumberOfArguments } from "./commands/command-spec.ts";
import { fits, STORE_COMMANDS } from "./commands/run-command.ts";
import { failure, OK, type Reply } from "./reply.ts";
import type { Command } from "./request-parser.ts";
import { SNAPSHOTS, Snapshots } from "./snapshots.ts";
import { type Change, publish } from "./topics.ts";

type Steps<T> = Generator<Suspension, T, void>;

/** What such a command may do to the client that sent it. */
export interface CommandingClient {
  readonly isSubscribed: boolean;
  say(reply: Reply): void;
  /** Enters or leaves channels. @returns false when the client has gone */
  change(what: Change["do"], channels: readonly string[]): Steps<boolean>;
}

/** @returns whether the client is served any longer */
type Task = (client: CommandingClient, command: Command) => Steps<boolean> | boolean;

interface ClientCommand {
  readonly arity: number;
  readonly run: Task;
}

const CLIENT_COMMANDS: Readonly<Record<string, ClientCommand>> = {
  subscribe: { arity: -2, run: (client, [, ...channels]) => client.change("subscribe", channels) },
  unsubscribe: { arity: -1, run: (client, [, ...channels]) => client.change("unsubscribe", channels) },
  publish: { arity: 3, run: (client, [, channel = "", text = ""]) => saying(client, publish(channel, text)) },
  save: { arity: 1, run: save },
  quit: { arity: -1, run: (client) => !saying(client, OK) },
};

/** As the table above, by both spellings in use. */
const BY_NAME: ReadonlyMap<string, ClientCommand> = new Map(
  Object.entries(CLIENT_COMMANDS).flatMap(([name, each]) => [
    [name, each] as const,
    [name.toUpperCase(), each] as const,
  ]),
);

/** What a client that subscribes may send besides. */
const WHILE_SUBSCRIBED: ReadonlyMap<string, ClientCommand> = new Map([
  ...["subscribe", "unsubscribe", "quit"].flatMap((name) => {
    const found = BY_NAME.get(name);
    return found === undefined ? [] : [[name, found] as const];
  }),
  ["ping", { arity: -1, run: (client: CommandingClient, [, text = ""]: Command) => saying(client, ["pong", text]) }],
]);

/** Where each command is done, so that one look decides. */
const IS_FOR_CLIENT: ReadonlyMap<string, boolean> = new Map([
  ...[...STORE_COMMANDS.keys()].map((name) => [name, false] as const),
  ...[...BY_NAME.keys()].map((name) => [name, true] as const),
]);

/** Whether the store has nothing to do with `command`. */
export function isForClient({ isSubscribed }: CommandingClient, [name = ""]: Command): boolean {
  return isSubscribed || (IS_FOR_CLIENT.get(name) ?? IS_FOR_CLIENT.get(name.toLowerCase()) ?? false);
}

/** Does a command that is not for the store. @returns whether the client is served any longer */
export function* runClientCommand(client: CommandingClient, command: Command): Steps<boolean> {
  const name = (command[0] ?? "").toLowerCase();
  const found = (client.isSubscribed ? WHILE_SUBSCRIBED : BY_NAME).get(name);
  if (found === undefined) return saying(client, failure(notNow(name)));
  if (!fits(command, found.arity)) return saying(client, failure(wrongNumberOfArguments(name).message));
  const outcome = found.run(client, command);
  return typeof outcome === "boolean" ? outcome : yield* outcome;
}

function saying(client: CommandingClient, reply: Reply): true {
  client.say(reply);
  return true;
}

function notNow(name: string): string {
  const allowed = "(P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET";
  return `ERR Can't execute '${name}': only ${allowed} are allowed in this context`;
}

/** Waits until what is stored is on the disk. */
function* save(client: CommandingClient): Steps<boolean> {
  const problem = yield* saved();
  return saying(client, problem === null ? OK : failure(`ERR ${problem}`));
}

function* saved(): Steps<string | null> {
  try {
    return yield* Snapshots.call(SNAPSHOTS, { timeoutMs: "infinity" }).save();
  } catch (thrown) {
    if (thrown instanceof ExitException) return "nobody writes snapshots";
    throw thrown;
  }
}
