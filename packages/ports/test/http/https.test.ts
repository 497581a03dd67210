import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  acceptWebSocket,
  type Address,
  connect,
  connectWebSocket,
  httpServerInfo,
  orExit,
  read,
  request,
  textOf,
  write,
} from "../../src/index.ts";
import { codeIn, perform } from "../stage.ts";
import { heard, serving } from "./http-stage.ts";

const fixture = (name: string): string => readFileSync(new URL(`../net/fixtures/${name}.pem`, import.meta.url), "utf8");
const server = { cert: fixture("server"), key: fixture("server-key") };
const client = { cacerts: fixture("authority") };

function urlOf(address: Address, scheme: string): string {
  return "port" in address ? `${scheme}://localhost:${address.port}/` : "";
}

describe("a server with tls", () => {
  it("speaks HTTPS with whoever trusts its certificate", () =>
    perform(function* () {
      const { address, server: web } = yield* serving({ tls: server, handler: () => ({ body: "secret" }) });
      for (let i = 0; i < 2; i++) {
        const { body } = yield* orExit(request({ url: urlOf(address, "https"), tls: client }));
        expect(textOf(body)).toBe("secret");
      }
      expect(yield* httpServerInfo(web)).toMatchObject({ connections: 1, handled: 2 });
    }));

  it("is not believed by a client that does not know its authority", () =>
    perform(function* () {
      const { address } = yield* serving({ tls: server, handler: () => ({ body: "secret" }) });
      expect(codeIn(yield* request({ url: urlOf(address, "https") }))).toMatch(/self_signed|unable_to/);
    }));

  it("carries web sockets", () =>
    perform(function* () {
      const { address } = yield* serving({
        tls: server,
        handler: () =>
          acceptWebSocket(function* (socket) {
            yield* write(socket, "hello");
            yield* read(socket);
          }),
      });
      const socket = yield* orExit(connectWebSocket({ url: urlOf(address, "wss"), tls: client }));
      expect(yield* read(socket, { timeoutMs: 3_000 })).toBe("hello");
    }));

  it("closes a connection that speaks without", () =>
    perform(function* () {
      const { address } = yield* serving({ tls: server, handler: () => ({}) });
      const socket = yield* orExit(connect(address));
      yield* write(socket, "GET / HTTP/1.1\r\nHost: test\r\n\r\n");
      expect(yield* heard(socket, "the end")).not.toContain("200 OK");
    }));
});
