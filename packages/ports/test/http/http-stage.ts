// What the tests of HTTP share: a server on the loopback device, and a client that says exactly what it is told, byte for byte.

import type { SupervisorPid } from "@krarup/supervisor";
import {
  type Address,
  connect,
  httpServerInfo,
  type HttpServerOptions,
  orExit,
  type Port,
  read,
  startHttpServer,
  textOf,
  write,
} from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";

/** A server and where it listens. */
export interface Stage {
  readonly server: SupervisorPid;
  readonly address: Address;
}

/** Starts a server with `options` on a port of the system's choice. */
export function* serving<M>(options: HttpServerOptions<M>): Steps<Stage> {
  const server = yield* startHttpServer({ host: "127.0.0.1", port: 0, ...options });
  const { address } = yield* orExit(httpServerInfo(server));
  return { server, address };
}

/** Says `text` on a connection of its own. @returns all that comes until the server closes it */
export function* say(address: Address, text: string): Steps<string> {
  const socket = yield* orExit(connect(address));
  yield* write(socket, text);
  return yield* heard(socket, "the end of the connection");
}

/** What comes until `mark` has, or the connection is closed. */
export function* heard(socket: Port, mark: string): Steps<string> {
  let text = "";
  while (!text.includes(mark)) {
    const bytes = yield* read(socket, { timeoutMs: 3_000 });
    if (!(bytes instanceof Uint8Array)) return bytes.code === "timeout" ? `${text} and then nothing` : text;
    text += textOf(bytes);
  }
  return text;
}

/** A request that wants the connection closed after its answer. */
export function asking(method: string, path: string, headers = "", body = ""): string {
  return `${method} ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n${headers}\r\n${body}`;
}

/** Status of the first response in `text`. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
}

/** What follows the headers of the first response. */
export function bodyOf(text: string): string {
  return text.slice(text.indexOf("\r\n\r\n") + 4);
}
