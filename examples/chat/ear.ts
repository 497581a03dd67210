// What listens to one client and does what it says.

import { exit, pg, Registry, type Self, type Suspension } from "@krarup/core";
import { isPortError, type Port, readLine } from "@krarup/ports";
import { parse } from "./commands.ts";
import { type Guest, NAMES, order } from "./session.ts";

/** Scope of the rooms: a room is the group of its guests, and exists while it has some. */
export const ROOMS = "chat_rooms";

const FIRST_ROOM = "lobby";

type Steps<T> = Generator<Suspension, T, void>;

/** Obeys the client of `guest` until it leaves. Linked to the session: if either fails, so does the other. */
export function* ear(_self: Self, guest: Guest, socket: Port, name: string): Steps<void> {
  const client = new Client(guest, name);
  yield* client.enter(FIRST_ROOM);
  for (;;) {
    const line = yield* readLine(socket);
    if (isPortError(line) || !(yield* client.obey(line))) break;
  }
  yield* client.leave();
}

class Client {
  readonly #guest: Guest;
  readonly #name: string;
  #room = FIRST_ROOM;

  constructor(guest: Guest, name: string) {
    this.#guest = guest;
    this.#name = name;
  }

  *enter(room: string): Steps<void> {
    this.#room = room;
    yield* pg.join(ROOMS, room, this.#guest);
    yield* this.#announce(`* ${this.#name} is in ${room}`);
  }

  *leave(): Steps<void> {
    yield* pg.leave(ROOMS, this.#room, this.#guest);
    yield* this.#announce(`* ${this.#name} has left`);
    yield* order(this.#guest, { do: "leave" });
  }

  /** Does what `line` says. @returns false when the client wants to leave */
  *obey(line: string): Steps<boolean> {
    const command = parse(line);
    switch (command.do) {
      case "say":
        yield* this.#announce(`${this.#name}: ${command.text}`);
        return true;
      case "join":
        yield* this.#announce(`* ${this.#name} goes to ${command.room}`);
        yield* pg.leave(ROOMS, this.#room, this.#guest);
        yield* this.enter(command.room);
        return true;
      case "who":
        yield* this.#tell(`* ${namesOf(membersOf(this.#room)).join(", ")}`);
        return true;
      case "rooms":
        yield* this.#tell(`* ${pg.whichGroups(ROOMS).map(String).toSorted().join(", ")}`);
        return true;
      case "explain":
        yield* this.#tell(`* ${command.why}`);
        return true;
      case "crash":
        return exit(["crashed_on_request", this.#name]);
      case "quit":
        yield* this.#tell("* Goodbye");
        return false;
    }
  }

  *#tell(text: string): Steps<void> {
    yield* order(this.#guest, { do: "tell", text });
  }

  /** Goes on when everybody has taken it: who does not is waited for, and talks are held up, not memory filled. */
  *#announce(text: string): Steps<void> {
    for (const member of membersOf(this.#room)) yield* order(member, { do: "tell", text });
  }
}

function membersOf(room: string): Guest[] {
  return pg.getMembers(ROOMS, room);
}

function namesOf(members: readonly Guest[]): string[] {
  return members.flatMap((member) => Registry.keys<string, undefined, never>(NAMES, member)).toSorted();
}
