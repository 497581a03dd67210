// One process for each client. In its mailbox lines of the client and words of others come together; it takes them one by one.
//
// The client's lines come in mode "once": the next is asked for when the last is dealt with, so a client that floods is held up by its own
// connection. What is sent to a client that does not read waits as well, and when that takes too long the client is let go.

import { exit, pg, type Pid, Registry, type Self, send, type Suspension } from "@krarup/core";
import {
  type Data,
  isPortError,
  orExit,
  type Port,
  type PortMessage,
  readLine,
  setActive,
  textOf,
  write,
} from "@krarup/ports";
import { isName, parse } from "./commands.ts";

/** Somebody said something in a room. */
export interface Said {
  readonly type: "said";
  readonly text: string;
}

export type SessionMessage = PortMessage | Said;

/** Scope of the rooms: a room is the group of its members, and exists while it has some. */
export const ROOMS = "chat_rooms";

/** Who is called what. */
export const NAMES = "chat_names";

const FIRST_ROOM = "lobby";
/** Milliseconds to say one's name. */
const LOGIN_MS = 30_000;
/** Milliseconds in which a client must take what it is told. */
const PATIENCE_MS = 5_000;

type Steps<T> = Generator<Suspension, T, void>;

/** Serves one client until it leaves. */
export function* session(self: Self<SessionMessage>, socket: Port): Steps<void> {
  const name = yield* login(socket);
  if (name === null) return;
  self.setLabel(name);
  const guest = new Guest(self, socket, name);
  yield* guest.enter(FIRST_ROOM);
  while (yield* guest.takeNext());
}

/** Asks for a name until there is one that nobody has. @returns null when the client leaves */
function* login(socket: Port): Steps<string | null> {
  for (;;) {
    yield* tell(socket, "Your name?");
    const answer = yield* readLine(socket, { timeoutMs: LOGIN_MS });
    if (isPortError(answer)) return null;
    const name = answer.trim();
    if (isName(name) && Registry.register(NAMES, name).type === "ok") return name;
    yield* tell(socket, "A name has 1 to 20 letters, and nobody else has it.");
  }
}

/** A client that cannot take this in time is gone: its port ends with the session. */
function* tell(socket: Port, text: string): Steps<void> {
  yield* orExit(write(socket, `${text}\n`, { timeoutMs: PATIENCE_MS }));
}

class Guest {
  readonly #self: Self<SessionMessage>;
  readonly #socket: Port;
  readonly #name: string;
  #room = FIRST_ROOM;

  constructor(self: Self<SessionMessage>, socket: Port, name: string) {
    this.#self = self;
    this.#socket = socket;
    this.#name = name;
  }

  *enter(room: string): Steps<void> {
    this.#room = room;
    yield* pg.join(ROOMS, room, this.#self);
    this.#announce(`* ${this.#name} is in ${room}`);
    yield* this.#listen();
  }

  /** Takes one message. @returns false when the client has left */
  *takeNext(): Steps<boolean> {
    const message = yield* this.#self.receive();
    switch (message.type) {
      case "said":
        yield* tell(this.#socket, message.text);
        return true;
      case "data":
        return yield* this.#obey(message);
      case "closed":
        this.#announce(`* ${this.#name} has left`);
        return false;
      case "failed":
      case "passive":
      case "exit_status":
        return true;
    }
  }

  *#obey({ data }: Data): Steps<boolean> {
    const command = parse(textOf(data));
    switch (command.do) {
      case "say":
        this.#announce(`${this.#name}: ${command.text}`);
        break;
      case "join":
        this.#announce(`* ${this.#name} goes to ${command.room}`);
        yield* pg.leave(ROOMS, this.#room, this.#self);
        yield* this.enter(command.room);
        return true;
      case "who":
        yield* tell(this.#socket, `* ${namesOf(membersOf(this.#room)).join(", ")}`);
        break;
      case "rooms":
        yield* tell(this.#socket, `* ${pg.whichGroups(ROOMS).map(String).toSorted().join(", ")}`);
        break;
      case "explain":
        yield* tell(this.#socket, `* ${command.why}`);
        break;
      case "crash":
        return exit(["crashed_on_request", this.#name]);
      case "quit":
        yield* tell(this.#socket, "* Goodbye");
        this.#announce(`* ${this.#name} has left`);
        return false;
    }
    yield* this.#listen();
    return true;
  }

  /** Asks for the next line of the client. One that has gone meanwhile is met by its `closed` message. */
  *#listen(): Steps<void> {
    yield* setActive(this.#socket, "once");
  }

  #announce(text: string): void {
    for (const member of membersOf(this.#room)) send(member, { type: "said", text });
  }
}

function membersOf(room: string): Pid<Said>[] {
  return pg.getMembers<Said>(ROOMS, room);
}

function namesOf(members: readonly Pid<Said>[]): string[] {
  return members.flatMap((member) => Registry.keys<string, undefined, never>(NAMES, member)).toSorted();
}
