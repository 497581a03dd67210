// The process of one client. It reads what has come, gives the commands in it to the store, and writes the replies in one piece. The next
// bytes are asked for when the replies are on their way, so a client that sends without reading is held up by its own connection.

import { call, exit, ExitException, type Self, type Suspension } from "@krarup/core";
import { isPortError, type Port, read, write } from "@krarup/ports";
import { type CommandingClient, isForClient, runClientCommand } from "./client-commands.ts";
import { COMMANDS_PER_CALL, WRITE_BYTES_MAX } from "./limits.ts";
import { encode, failure, type Reply } from "./reply.ts";
import { type Command, RequestParser } from "./request-parser.ts";
import { type Answers, STORE, Store } from "./store.ts";
import { type Change, type Courier, startCourier } from "./topics.ts";

type Steps<T> = Generator<Suspension, T, void>;

/** Serves one client until it leaves, or sends what is no command. */
export function* session(_self: Self, socket: Port): Steps<void> {
  const client = new Client(socket);
  while (yield* client.serveNext());
  client.end();
}

const STORE_ENDED = failure("ERR the store has ended: what the last snapshot has not is lost");

class Client implements CommandingClient {
  readonly #socket: Port;
  readonly #parser = new RequestParser();
  #courier: Courier | null = null;
  #channels = 0;
  /** Replies that have not been written yet. */
  #replies = "";

  constructor(socket: Port) {
    this.#socket = socket;
  }

  /** Takes what has come. @returns false when the client is served no longer */
  *serveNext(): Steps<boolean> {
    const chunk = yield* read(this.#socket);
    if (isPortError(chunk)) return false;
    this.#parser.push(chunk);
    for (let commands = this.#take(); commands.length > 0; commands = this.#take())
      if (!(yield* this.#serve(commands))) return false;
    if (this.#parser.garbage === null) return true;
    return yield* this.#lastWord(failure(this.#parser.garbage));
  }

  /** Lets go of what belongs to the client, when it is served no longer. */
  end(): void {
    // The courier is linked, but an end that is "normal" is nothing to a link.
    if (this.#courier !== null) exit(this.#courier, "shutdown");
  }

  get isSubscribed(): boolean {
    return this.#channels > 0;
  }

  say(reply: Reply): void {
    this.#replies += encode(reply);
  }

  /** The courier writes to the same client: what was said before goes first. */
  *change(what: Change["do"], channels: readonly string[]): Steps<boolean> {
    if (!(yield* this.#flush())) return false;
    this.#courier ??= startCourier(this.#socket);
    this.#channels = yield* call(this.#courier, { do: what, channels }, { timeoutMs: "infinity" });
    return true;
  }

  /** The commands that are whole. */
  #take(): Command[] {
    const commands: Command[] = [];
    while (commands.length < COMMANDS_PER_CALL) {
      const command = this.#parser.next();
      if (command === null) break;
      commands.push(command);
    }
    return commands;
  }

  /** Does `commands` one after the other, runs of them at a time where they go to the store. */
  *#serve(commands: readonly Command[]): Steps<boolean> {
    let from = 0;
    for (let at = 0; at < commands.length; at++) {
      const command = commands[at] ?? [];
      if (!isForClient(this, command)) continue;
      if (!(yield* this.#ask(commands.slice(from, at)))) return false;
      if (!(yield* runClientCommand(this, command))) return (yield* this.#flush()) && false;
      from = at + 1;
    }
    return (yield* this.#ask(from === 0 ? commands : commands.slice(from))) && (yield* this.#flush());
  }

  /** Gives commands to the store, and lets the client read in between if there is much to read. */
  *#ask(commands: readonly Command[]): Steps<boolean> {
    for (let rest = commands; rest.length > 0;) {
      const answers = yield* this.#answersTo(rest);
      if (answers === null) return yield* this.#lastWord(STORE_ENDED);
      this.#replies += answers.text;
      if (answers.done === rest.length) return true;
      rest = rest.slice(answers.done);
      if (!(yield* this.#flush())) return false;
    }
    return true;
  }

  /** @returns null when the store has ended: then nobody knows which of the commands were done */
  *#answersTo(commands: readonly Command[]): Steps<Answers | null> {
    try {
      return yield* Store.call(STORE, { timeoutMs: "infinity" }).run(commands);
    } catch (thrown) {
      if (thrown instanceof ExitException) return null;
      throw thrown;
    }
  }

  *#lastWord(reply: Reply): Steps<false> {
    this.say(reply);
    yield* this.#flush();
    return false;
  }

  /** Writes the replies. @returns false when the client has gone */
  *#flush(): Steps<boolean> {
    const text = this.#replies;
    this.#replies = "";
    for (let i = 0; i < text.length; i += WRITE_BYTES_MAX) {
      const outcome = yield* write(this.#socket, Buffer.from(text.slice(i, i + WRITE_BYTES_MAX), "latin1"));
      if (isPortError(outcome)) return false;
    }
    return true;
  }
}
