import { exit, isAlive, monitor, spawn } from "@krarup/core";
import { spawn as spawnChild } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  accept,
  close,
  connect,
  listen,
  listenerInfo,
  orExit,
  read,
  readExactly,
  readLine,
  setActive,
  type StartTls,
  startTls,
  tlsInfo,
  write,
} from "../../src/index.ts";
import { codeIn, pair, perform } from "../stage.ts";
import { fixture, hasOpenssl, secured, SERVER, TRUST } from "./secured.ts";

describe("startTls", () => {
  const CLIENT: StartTls = { ...TRUST, role: "client", host: "localhost" };

  it("goes over to tls in the middle of a connection, on either side", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      yield* write(client, "STARTTLS\r\n");
      expect(yield* readLine(server)).toBe("STARTTLS");
      yield* write(server, "220 go ahead\r\n");
      expect(yield* readLine(client)).toBe("220 go ahead");
      const answers: unknown[] = [];
      const helper = spawn(function* () {
        answers.push(yield* startTls(server, { ...SERVER, role: "server" }));
      });
      const end = monitor(helper);
      expect(yield* startTls(client, CLIENT)).toBe("ok");
      yield* self.receive(end);
      expect(answers).toEqual(["ok"]);
      yield* write(client, "secret\n");
      expect(yield* readLine(server)).toBe("secret");
      expect(yield* tlsInfo(client)).toMatchObject({ isVerified: true, serverName: "localhost" });
      yield* close(server);
      expect(codeIn(yield* readLine(client))).toBe("closed");
    }));

  it("does what is asked of the port meanwhile after the handshake", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      const helper = spawn(function* () {
        yield* orExit(startTls(server, { ...SERVER, role: "server" }));
        yield* write(server, "hello\n");
      });
      const asker = spawn(function* () {
        yield* orExit(startTls(client, CLIENT));
      });
      const ends = [monitor(helper), monitor(asker)];
      yield* self.yield();
      expect(yield* readLine(client)).toBe("hello");
      for (const end of ends) expect(yield* self.receive(end)).toMatchObject({ reason: "normal" });
    }));

  it("is einval while bytes are unread, for an active port and for one that is secured, and changes nothing", () =>
    perform(function* () {
      const { client, server } = yield* pair();
      yield* write(client, "STARTTLS\r\nMAIL FROM:<mallory>\r\n");
      yield* readLine(server);
      expect(codeIn(yield* startTls(server, { ...SERVER, role: "server" }))).toBe("einval");
      expect(yield* readLine(server)).toBe("MAIL FROM:<mallory>");
      yield* setActive(server, "once");
      expect(codeIn(yield* startTls(server, { ...SERVER, role: "server" }))).toBe("einval");
      const { client: done } = yield* secured(SERVER, TRUST);
      expect(codeIn(yield* startTls(done, CLIENT))).toBe("einval");
    }));

  it.each([
    ["a server that does not prove itself", { ...CLIENT, host: "other" }, "err_tls_cert_altname_invalid"],
    ["an authority that is not known", { role: "client", host: "localhost" }, /self_signed|unable_to/],
  ] as const)("ends the port for %s", (_what, tls, code) =>
    perform(function* () {
      const { client, server } = yield* pair();
      spawn(function* () {
        yield* startTls(server, { ...SERVER, role: "server" });
      });
      expect(codeIn(yield* startTls(client, tls))).toMatch(code);
      expect(isAlive(client)).toBe(false);
      expect(codeIn(yield* read(server))).toMatch(/closed|err_ssl|econnreset/);
    }),
  );

  it("ends the port when the other side is slow, speaks something else or hangs up", () =>
    perform(function* () {
      const slow = yield* pair();
      expect(codeIn(yield* startTls(slow.client, CLIENT, { timeoutMs: 20 }))).toBe("timeout");
      const other = yield* pair();
      yield* write(other.server, "220 what?\r\n");
      expect(codeIn(yield* startTls(other.client, CLIENT))).toMatch(/^err_ssl_/);
      const gone = yield* pair();
      yield* close(gone.server);
      expect(codeIn(yield* startTls(gone.client, CLIENT))).toMatch(/closed|econnreset|einval|epipe/);
      const plain = yield* pair();
      yield* write(plain.client, "no hello\r\n");
      expect(codeIn(yield* startTls(plain.server, { ...SERVER, role: "server" }))).toMatch(/^err_ssl_/);
      expect([slow.client, other.client, plain.server].map((port) => isAlive(port))).toEqual([false, false, false]);
    }));

  it("is given up when its owner is killed", () =>
    perform(function* (self) {
      const { listener, server } = yield* pair();
      const { address } = yield* orExit(listenerInfo(listener));
      const owner = spawn(function* () {
        yield* startTls(yield* orExit(connect(address)), CLIENT);
      });
      const other = yield* orExit(accept(listener));
      expect(yield* readExactly(other, 1)).toHaveLength(1); // its handshake has begun
      const end = monitor(owner);
      exit(owner, "kill");
      yield* self.receive(end);
      expect(isAlive(server)).toBe(true);
    }));

  it("throws at once for options that make no sense", () =>
    perform(function* () {
      const { client } = yield* pair();
      expect(() => startTls(client, { role: "server", cert: "x", key: "x" })).toThrow("OpenSSL must be able to read");
      expect(() => startTls(client, { role: "client", host: "" })).toThrow("serverName must be the name of a host");
      expect(() => startTls(client, { role: "both" } as unknown as StartTls)).toThrow("role must be"); // as JavaScript can
    }));
});

describe.skipIf(!hasOpenssl)("openssl, which is not installed where this is skipped,", () => {
  it("goes over to tls with our server in the middle of SMTP", () =>
    perform(function* (self) {
      const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0 }));
      const { address } = yield* orExit(listenerInfo(listener));
      if (!("port" in address)) throw new Error("it listens on a port");
      const client = spawnChild(
        "openssl",
        [
          "s_client",
          "-quiet",
          "-starttls",
          "smtp",
          "-CAfile",
          fixture("authority"),
          "-connect",
          `127.0.0.1:${address.port}`,
        ],
        { stdio: ["pipe", "pipe", "ignore"] },
      );
      const socket = yield* orExit(accept(listener, { timeoutMs: 5_000 }));
      yield* write(socket, "220 ready\r\n");
      expect(yield* readLine(socket)).toMatch(/^EHLO /);
      yield* write(socket, "250-here\r\n250 STARTTLS\r\n");
      expect(yield* readLine(socket)).toBe("STARTTLS");
      yield* write(socket, "220 go ahead\r\n");
      expect(yield* startTls(socket, { ...SERVER, role: "server" })).toBe("ok");
      client.stdin.write("secret\n");
      expect(yield* readLine(socket)).toBe("secret");
      client.kill();
      yield* self.await(new Promise((resolve) => client.once("close", resolve)));
    }));
});
