// Theme otpbase, last part: ports. They are of the real world, so these run in real time.

import { isPid } from "@krarup/core";
import {
  accept,
  close,
  connect,
  isPortError,
  listen,
  listenerInfo,
  orExit,
  type Port,
  read,
  setActive,
  spawnExecutable,
  textOf,
  write,
} from "@krarup/ports";
import { drain, type Lab, type Scenarios } from "../stage/lab.ts";
import type { Puppet } from "../stage/puppet.ts";
import type { Step } from "../stage/step.ts";

/** Milliseconds in which a shell that only exits has exited. */
const CHILD_MS = 600;

export const ports: Scenarios = {
  *port_exit_status(lab) {
    const nameOf = portNamer();
    const a = yield* lab.puppet({ trapsExits: true });
    yield* failingShell(a, true);
    yield* logMail(lab, "a", a, nameOf);
    const b = yield* lab.puppet({ trapsExits: true });
    yield* failingShell(b, false);
    yield* logMail(lab, "b", b, nameOf);
    const c = yield* lab.puppet();
    yield* failingShell(c, true);
    yield* logMail(lab, "c", c, nameOf);
    yield* lab.killSilently(a, b, c);
  },

  *tcp_active_modes(lab) {
    const { peer, socket } = yield* connectedPair();
    yield* orExit(write(peer, "p1"));
    yield* lab.sleep(60);
    lab.log("s", "mail", (yield* drain(lab.script)).length);
    lab.log("s", "recv", resultOf(yield* read(socket)));
    yield* orExit(setActive(socket, "once"));
    yield* writeSlowly(lab, peer, "o1", "o2");
    yield* logWords(lab);
    yield* orExit(setActive(socket, "once"));
    yield* logWords(lab);
    yield* orExit(setActive(socket, 2));
    yield* writeSlowly(lab, peer, "n1", "n2", "n3");
    yield* logWords(lab);
    yield* orExit(setActive(socket, true));
    yield* logWords(lab);
    lab.log("s", "recv", resultOf(yield* read(socket)));
    yield* close(peer);
    yield* logWords(lab);
  },
};

/** Opens a port to a shell that exits with status 3. */
function* failingShell(puppet: Puppet, exitStatus: boolean): Step<void> {
  yield* puppet.does(function* () {
    yield* orExit(spawnExecutable("/bin/sh", { args: ["-c", "exit 3"], exitStatus }));
  });
}

function* logMail(lab: Lab, role: string, puppet: Puppet, nameOf: (port: unknown) => string): Step<void> {
  yield* lab.sleep(CHILD_MS);
  const end = yield* puppet.ended();
  if (end !== null) return lab.log(role, "dead", end.reason);
  const messages = yield* puppet.does(drain);
  const terms = messages.map((message) => termOf(message, nameOf));
  lab.log(role, "alive", terms);
}

/** What Erlang has for a message of a port, or for the end of one. */
function termOf(message: unknown, nameOf: (port: unknown) => string): unknown {
  if (typeof message !== "object" || message === null) return message;
  if ("status" in message && "port" in message) return [nameOf(message.port), ["exit_status", message.status]];
  return "pid" in message && "reason" in message ? ["EXIT", nameOf(message.pid), message.reason] : message;
}

/** Names ports in the order in which they are first met. */
function portNamer(): (port: unknown) => string {
  const names = new Map<unknown, string>();
  return (port) => {
    const name = names.get(port) ?? `T${names.size + 1}`;
    if (isPid(port)) names.set(port, name);
    return name;
  };
}

/** Two ends of a connection that speak in packets with a length of one byte. */
function* connectedPair(): Step<{ readonly peer: Port; readonly socket: Port }> {
  const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0, framing: 1 }));
  const { address } = yield* orExit(listenerInfo(listener));
  const peer = yield* orExit(connect({ ...address, framing: 1 }));
  return { peer, socket: yield* orExit(accept(listener)) };
}

function* writeSlowly(lab: Lab, port: Port, ...texts: readonly string[]): Step<void> {
  for (const text of texts) {
    yield* orExit(write(port, text));
    yield* lab.sleep(30);
  }
}

function* logWords(lab: Lab): Step<void> {
  yield* lab.sleep(150);
  const messages = yield* drain(lab.script);
  const words = messages.map(wordFor);
  lab.log("s", "mail", words);
}

/** The text of what came, or the tag that OTP gives to other messages of a socket. */
function wordFor(message: unknown): unknown {
  if (typeof message !== "object" || message === null || !("type" in message)) return message;
  return "data" in message && message.data instanceof Uint8Array ? textOf(message.data) : `tcp_${String(message.type)}`;
}

function resultOf(received: unknown): unknown {
  if (isPortError(received)) return ["error", received.code];
  return received instanceof Uint8Array ? ["ok", textOf(received)] : received;
}
