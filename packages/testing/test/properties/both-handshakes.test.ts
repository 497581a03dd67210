// What comes of a handshake is the same over the simulated network and over real sockets.

import { createNode, spawnOpt } from "@krarup/core";
import { nodePlatform } from "@krarup/core/node";
import {
  accept,
  type ClientTls,
  connect,
  isPortError,
  listen,
  listenerInfo,
  orExit,
  type Port,
  readExactly,
  readLine,
  type ServerTls,
  tlsInfo,
  write,
} from "@krarup/ports";
import { expect, it } from "vitest";
import { simulation } from "../../src/index.ts";
import { identity, pem } from "../network/certificates.ts";
import { brief, type Steps } from "../stage.ts";

/** Milliseconds after which one gives up who waits for what will not come. */
const WAIT_MS = 200;

const CASES: readonly [what: string, server: ServerTls | null, client: ClientTls | null][] = [
  ["a client that trusts", identity("server"), { cacerts: pem("authority") }],
  ["an authority that nobody trusts", identity("server"), {}],
  ["verify_none", identity("server"), { verify: "verify_none" }],
  ["another name", identity("server"), { cacerts: pem("authority"), serverName: "second.example" }],
  [
    "a host of its own",
    { ...identity("server"), sniHosts: { "second.example": identity("second") } },
    { cacerts: pem("authority"), serverName: "second.example" },
  ],
  [
    "a client with a certificate",
    { ...identity("server"), verify: "verify_peer", cacerts: pem("authority") },
    { cacerts: pem("authority"), ...identity("client") },
  ],
  [
    "a client without the certificate that is asked for",
    { ...identity("server"), verify: "verify_peer", cacerts: pem("authority") },
    { cacerts: pem("authority") },
  ],
  [
    "a client with a certificate by somebody else",
    { ...identity("server"), verify: "verify_peer", cacerts: pem("server") },
    { cacerts: pem("authority"), ...identity("client") },
  ],
  [
    "a protocol that both speak",
    { ...identity("server"), alpn: ["h2", "http/1.1"] },
    { cacerts: pem("authority"), alpn: ["http/1.1", "h2"] },
  ],
  ["no protocol that both speak", { ...identity("server"), alpn: ["a"] }, { cacerts: pem("authority"), alpn: ["b"] }],
  ["a plain server that is silent", null, { cacerts: pem("authority") }],
  ["a plain client", identity("server"), null],
];

it.each(CASES)("%s: both worlds agree", async (_what, server, client) => {
  const world = simulation();
  const machine = world.machine("machine");
  const simulated = await world.run(machine, () => perform(server, client));
  expect(simulated).toEqual(await inReality(() => perform(server, client)));
});

/** Connects, and if it can speaks. @returns what both sides have seen */
function* perform(server: ServerTls | null, client: ClientTls | null): Steps<unknown> {
  const listener = yield* orExit(
    listen({ host: "127.0.0.1", port: 0, exitOnClose: false, ...(server && { tls: server }) }),
  );
  const { address } = yield* orExit(listenerInfo(listener));
  const port = "port" in address ? address.port : 0;
  const asking = yield* connect({
    host: "localhost",
    port,
    timeoutMs: WAIT_MS,
    exitOnClose: false,
    ...(client && { tls: client }),
  });
  if (isPortError(asking)) return [asking.code, yield* first(yield* accept(listener, { timeoutMs: WAIT_MS }))];
  if (client === null) yield* write(asking, "GET / HTTP/1.1\r\n\r\n");
  const accepted = yield* accept(listener, { timeoutMs: WAIT_MS });
  if (isPortError(accepted)) return ["open", accepted.code, brief(yield* readLine(asking, { timeoutMs: WAIT_MS }))];
  yield* write(asking, "hello\n");
  const heard = brief(yield* readLine(accepted, { timeoutMs: WAIT_MS }));
  return [heard, yield* seen(asking), yield* seen(accepted)];
}

function* first(port: Port | { readonly code: string }): Steps<unknown> {
  if (isPortError(port)) return port.code;
  if ("code" in port) return port.code;
  return yield* readExactly(port, 1);
}

function* seen(port: Port): Steps<unknown> {
  const info = yield* tlsInfo(port);
  return isPortError(info) ? info.code : info;
}

function inReality(steps: () => Steps<unknown>): Promise<unknown> {
  const node = createNode({ platform: nodePlatform(), reports: "none" });
  const done = new Promise((resolve, reject) => {
    const body = function* (): Steps<void> {
      try {
        resolve(yield* steps());
      } catch (error) {
        reject(error);
      }
    };
    spawnOpt(body, [], { node });
  });
  return done.finally(() => node.halt());
}
