import { processes, processInfo, spawn, type Suspension, whereis } from "@krarup/core";
import { close, connect, orExit, type Port, readLine, serverAddress, spawnExecutable, write } from "@krarup/ports";
import { Supervisor, type SupervisorPid } from "@krarup/supervisor";
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { isName, parse } from "../../examples/chat/commands.ts";
import { chatSpec } from "../../examples/chat/tree.ts";
import { onNode } from "./on-node.ts";

type Steps<T> = Generator<Suspension, T, void>;

const hasNetcat = spawnSync("nc", ["-h"]).error === undefined;

describe("parse", () => {
  it.each([
    ["hello there", { do: "say", text: "hello there" }],
    ["/join attic", { do: "join", room: "attic" }],
    ["/join", { do: "explain", why: "A room has a name of 1 to 20 letters" }],
    ["/who", { do: "who" }],
    ["/quit  ", { do: "quit" }],
    ["/dance", { do: "explain", why: "There are /join ROOM, /who, /rooms, /crash, /quit" }],
  ])("makes of %j %j", (line, command) => expect(parse(line)).toEqual(command));

  it.each([
    ["joe", true],
    ["Agner_Krarup-Erlang", true],
    ["", false],
    ["two words", false],
    ["x".repeat(21), false],
  ])("%j is a name: %s", (text, expected) => expect(isName(text)).toBe(expected));
});

describe("the chat", () => {
  it("carries what one says to everybody in the same room, and to nobody else", () =>
    withChat(function* (guest) {
      const [joe, mike, robert] = [yield* guest("joe"), yield* guest("mike"), yield* guest("robert")];
      yield* say(robert, "/join attic");
      yield* hears(joe, "* robert goes to attic");
      yield* hears(robert, "* robert is in attic");
      yield* say(joe, "hello");
      yield* hears(joe, "joe: hello");
      yield* hears(mike, "joe: hello");
      yield* say(robert, "/rooms");
      yield* hears(robert, "* attic, lobby");
      yield* say(mike, "/who");
      yield* hears(mike, "* joe, mike");
    }));

  it("gives each name to one guest at a time", () =>
    withChat(function* (guest, connectGuest) {
      const joe = yield* guest("joe");
      const other = yield* connectGuest();
      yield* say(other, "joe");
      yield* hears(other, "A name has 1 to 20 letters, and nobody else has it.");
      yield* say(joe, "/quit");
      yield* hears(joe, "* Goodbye");
      expect(yield* readLine(joe)).not.toBeTypeOf("string");
      yield* say(other, "joe");
      yield* hears(other, "* joe is in lobby");
    }));

  it("loses the guest whose session crashes, and no other", () =>
    withChat(function* (guest) {
      const [joe, mike] = [yield* guest("joe"), yield* guest("mike")];
      yield* say(joe, "/crash");
      while (typeof (yield* readLine(joe)) === "string");
      yield* say(mike, "/who");
      yield* hears(mike, "* mike");
    }));

  it("lets go of a guest whose lines are too long", () =>
    withChat(function* (guest) {
      const [joe, mike] = [yield* guest("joe"), yield* guest("mike")];
      yield* say(joe, "x".repeat(2_000));
      yield* hears(mike, "* joe has left");
    }));

  it("holds up who talks while somebody in the room does not listen, and keeps nothing in its mailboxes", () =>
    withChat(function* (guest) {
      const joe = yield* guest("joe");
      yield* guest("mute");
      spawn(function* () {
        while (typeof (yield* readLine(joe)) === "string");
      });
      const lines = `${"x".repeat(900)}\n`.repeat(100);
      let answer: unknown = "ok";
      while (answer === "ok") answer = yield* write(joe, lines, { timeoutMs: 400 });
      expect(answer).toMatchObject({ code: "timeout" });
      const waiting = processes().map((pid) => processInfo(pid)?.messageQueueLength ?? 0);
      expect(Math.max(...waiting)).toBeLessThan(5);
    }));

  // Where there is no nc, the tests above have shown the same over our own client.
  it.runIf(hasNetcat)(`is spoken to with nc${hasNetcat ? "" : " (skipped: netcat-openbsd is not installed)"}`, () =>
    withChat(function* (guest, _connectGuest, port) {
      const joe = yield* guest("joe");
      const netcat = yield* orExit(spawnExecutable("nc", { args: ["127.0.0.1", String(port)] }));
      yield* say(netcat, "mike");
      yield* hears(netcat, "* mike is in lobby");
      yield* say(joe, "hello");
      yield* hears(netcat, "joe: hello");
      yield* close(netcat);
    }),
  );
});

type Guests = (guest: (name: string) => Steps<Port>, connectGuest: () => Steps<Port>, port: number) => Steps<void>;

/** Runs `script` against a chat on a node of its own. */
function withChat(script: Guests): Promise<void> {
  return onNode(() => visit(script));
}

function* visit(script: Guests): Steps<void> {
  yield* Supervisor.startLink(chatSpec({ host: "127.0.0.1", port: 0 }));
  // The tree registers it under that name.
  const address = yield* orExit(serverAddress(whereis("chat_server") as SupervisorPid));
  if (!("port" in address)) throw new Error("the chat listens on a port");
  const connectGuest = function* (): Steps<Port> {
    return yield* orExit(connect(address));
  };
  const guest = function* (name: string): Steps<Port> {
    const port = yield* connectGuest();
    yield* say(port, name);
    yield* hears(port, `* ${name} is in lobby`);
    return port;
  };
  yield* script(guest, connectGuest, address.port);
}

function* say(port: Port, line: string): Steps<void> {
  yield* orExit(write(port, `${line}\n`));
}

/** Waits for a line, passing over what others have said before it. */
function* hears(port: Port, line: string): Steps<void> {
  let heard: string;
  do heard = yield* orExit(readLine(port, { timeoutMs: 3_000 }));
  while (heard !== line);
}
