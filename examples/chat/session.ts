// Two processes for each client. The session tells the client what there is to tell, one thing after the other; the ear listens to it.
//
//   client ──lines──► ear ──"tell", and waits──► session of each guest in the room ──lines──► client
//
// An ear goes on when everybody has taken what was said, and a session takes the next when its client has taken the last. So a client that
// does not read holds up those who talk in its room, and nothing piles up anywhere; when it takes too long it is let go. A session waits for
// no other process, so nobody waits in a circle.

import {
  call,
  ExitException,
  type Pid,
  Registry,
  reply,
  type Request,
  type Self,
  spawnLink,
  type Suspension,
} from "@krarup/core";
import { isPortError, orExit, type Port, readLine, write } from "@krarup/ports";
import { isName } from "./commands.ts";
import { ear } from "./ear.ts";

/** What a session can be asked; it answers when it has taken it. */
export type Order = { readonly do: "tell"; readonly text: string } | { readonly do: "leave" };

/** A guest, for others: the pid of its session. */
export type Guest = Pid<Request<Order, "ok">>;

/** Who is called what. */
export const NAMES = "chat_names";

/** Milliseconds to say one's name. */
const LOGIN_MS = 30_000;
/** Milliseconds in which a client must take what it is told. */
const PATIENCE_MS = 5_000;

type Steps<T> = Generator<Suspension, T, void>;

/** Serves one client until it leaves. */
export function* session(self: Self<Request<Order, "ok">>, socket: Port): Steps<void> {
  const name = yield* login(socket);
  if (name === null) return;
  self.setLabel(name);
  spawnLink(ear, self, socket, name);
  for (;;) {
    const { from, request } = yield* self.receive();
    reply(from, "ok");
    if (request.do === "leave") return;
    yield* tell(socket, request.text);
  }
}

/** Asks `guest` for something and waits until it is taken; one that has gone takes nothing. */
export function* order(guest: Guest, what: Order): Steps<void> {
  try {
    yield* call(guest, what, { timeoutMs: "infinity" });
  } catch (thrown) {
    if (!(thrown instanceof ExitException)) throw thrown;
  }
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
