import { exit, isAlive, monitor, spawn, type Self } from "@krarup/core";
import { spawn as spawnChild } from "node:child_process";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import {
  accept,
  type ClientTls,
  close,
  closeListener,
  closeWrite,
  connect,
  isPortError,
  listen,
  listenerInfo,
  orExit,
  read,
  readExactly,
  readLine,
  serverAddress,
  type ServerTls,
  setActive,
  startTcpServer,
  tlsInfo,
  write,
} from "../../src/index.ts";
import { codeIn, next, pair, perform } from "../stage.ts";
import { fixture, hasOpenssl, identity, listening, pem, rawTo, secured, SERVER, TRUST } from "./secured.ts";

describe("a connection under tls", () => {
  it("carries what TCP carries, and ends as it does", () =>
    perform(function* () {
      const { client, server } = yield* secured(SERVER, TRUST);
      yield* write(client, "hello\n");
      expect(yield* readLine(server)).toBe("hello");
      yield* closeWrite(client);
      expect(codeIn(yield* readLine(server))).toBe("closed");
      expect(codeIn(yield* readLine(client))).toBe("closed");
    }));

  it("leaves one direction open when the other has ended", () =>
    perform(function* () {
      const [listener, port] = yield* listening(SERVER);
      const client = yield* orExit(connect({ host: "localhost", port, tls: TRUST, exitOnClose: false }));
      const server = yield* orExit(accept(listener));
      yield* closeWrite(server);
      expect(codeIn(yield* readLine(client))).toBe("closed");
      yield* write(client, "still here\n");
      expect(yield* readLine(server)).toBe("still here");
    }));

  it("comes in active mode like any port", () =>
    perform(function* (self) {
      const { client, server } = yield* secured(SERVER, TRUST);
      yield* setActive(server, "once");
      yield* write(client, "hello");
      expect(yield* next(self)).toEqual(["data", "hello"]);
    }));

  it("holds up a writer whose peer does not read", () =>
    perform(function* (self) {
      const { client, server } = yield* secured(SERVER, TRUST);
      let written = 0;
      const writer = spawn(function* () {
        while ((yield* write(client, new Uint8Array(100_000))) === "ok") written += 100_000;
      });
      let before = -1;
      while (before !== written) {
        before = written;
        yield* self.sleep(50);
      }
      expect(isAlive(writer)).toBe(true);
      expect(yield* readExactly(server, 1_000_000)).toHaveLength(1_000_000);
      exit(writer, "kill");
    }));

  it("tells what was agreed upon, and who the other side is", () =>
    perform(function* () {
      const { client, server } = yield* secured(
        { ...SERVER, alpn: ["second", "first"], verify: "verify_peer", cacerts: pem("authority") },
        { ...TRUST, ...identity("client"), alpn: ["first"], versionMin: "TLSv1.3" },
      );
      expect(yield* tlsInfo(client)).toMatchObject({
        version: "TLSv1.3",
        cipher: expect.stringMatching(/^TLS_/),
        alpn: "first",
        isVerified: true,
        peerCertificate: { subject: "CN=localhost", subjectAltName: "DNS:localhost, IP Address:127.0.0.1" },
      });
      expect(yield* tlsInfo(server)).toMatchObject({
        alpn: "first",
        serverName: "localhost",
        isVerified: true,
        peerCertificate: { subject: "CN=a client", issuer: "CN=krarup test authority" },
      });
    }));

  it("is flushed when it is closed: the other side gets everything", () =>
    perform(function* () {
      const { client, server } = yield* secured(SERVER, TRUST);
      spawn(function* () {
        yield* write(client, new Uint8Array(3_000_000));
        yield* close(client);
      });
      let sum = 0;
      for (let chunk = yield* read(server); chunk instanceof Uint8Array; chunk = yield* read(server))
        sum += chunk.length;
      expect(sum).toBe(3_000_000);
    }));

  it("leaves nothing behind, whenever its process is killed on the way to it", () =>
    perform(function* (self) {
      const [, port] = yield* listening(SERVER);
      for (let delayMs = 0; delayMs < 12; delayMs++) {
        const caller = spawn(function* (own: Self) {
          yield* connect({ host: "localhost", port, tls: TRUST });
          yield* own.receive();
        });
        const end = monitor(caller);
        yield* self.sleep(delayMs);
        exit(caller, "kill");
        expect(yield* self.receive(end)).toMatchObject({ reason: "killed" });
      }
    }));

  it("is what tlsInfo is for: einval without it", () =>
    perform(function* () {
      const { client } = yield* pair();
      expect(codeIn(yield* tlsInfo(client))).toBe("einval");
    }));
});

describe("a client", () => {
  it.each([
    ["an authority that it does not know", {}, "localhost", /^(self_signed_cert_in_chain|unable_to_.*)$/],
    ["another name", TRUST, "127.0.0.2", "err_tls_cert_altname_invalid"],
    ["another name than it asked for", { ...TRUST, serverName: "other" }, "localhost", "err_tls_cert_altname_invalid"],
    ["none of its protocols", { ...TRUST, alpn: ["third"] }, "localhost", /no_application_protocol/],
  ])("refuses a server with %s", (_what, tls, host, code) =>
    perform(function* () {
      const listener = yield* orExit(listen({ host: "0.0.0.0", port: 0, tls: { ...SERVER, alpn: ["first"] } }));
      const { address } = yield* orExit(listenerInfo(listener));
      if (!("port" in address)) throw new Error("it listens on a port");
      expect(codeIn(yield* connect({ host, port: address.port, tls }))).toMatch(code);
    }),
  );

  it("takes an address that the certificate is for", () =>
    perform(function* () {
      const [, port] = yield* listening(SERVER);
      const client = yield* orExit(connect({ host: "127.0.0.1", port, tls: TRUST }));
      expect(yield* tlsInfo(client)).toMatchObject({ serverName: null, isVerified: true });
    }));

  it("takes anybody with verify_none, and can tell", () =>
    perform(function* () {
      const { client } = yield* secured(SERVER, { verify: "verify_none" });
      expect(yield* tlsInfo(client)).toMatchObject({ isVerified: false });
    }));

  it("of a server that speaks no TLS gets an error", () =>
    perform(function* (self) {
      const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0 }));
      const { address } = yield* orExit(listenerInfo(listener));
      const babbler = spawn(function* (own: Self) {
        yield* write(yield* orExit(accept(listener)), "220 welcome\r\n");
        yield* own.receive();
      });
      expect(codeIn(yield* connect({ ...address, tls: TRUST }))).toMatch(/^err_ssl_/);
      expect(codeIn(yield* connect({ ...address, tls: TRUST, timeoutMs: 50 }))).toBe("timeout");
      const end = monitor(babbler);
      exit(babbler, "kill");
      yield* self.receive(end);
    }));
});

describe("a server", () => {
  it("shows the certificate of the name that is asked for", () =>
    perform(function* () {
      const tls = { ...SERVER, sniHosts: { "second.example": identity("second") } };
      const { client } = yield* secured(tls, { ...TRUST, serverName: "second.example" });
      expect(yield* tlsInfo(client)).toMatchObject({ peerCertificate: { subject: "CN=second.example" } });
    }));

  it("does not hear of a client without the certificate that it demands", () =>
    perform(function* () {
      const [listener, port] = yield* listening({ ...SERVER, verify: "verify_peer", cacerts: pem("authority") });
      const client = yield* connect({ host: "localhost", port, tls: TRUST });
      // With TLS 1.3 the client has finished before the server has looked.
      expect(codeIn(isPortError(client) ? client : yield* read(client))).toMatch(/certificate_required|closed|reset/);
      expect(codeIn(yield* accept(listener, { timeoutMs: 20 }))).toBe("timeout");
    }));

  it("is not held up by one who is slow, speaks something else or hangs up", () =>
    perform(function* () {
      const [listener, port] = yield* listening(SERVER);
      const silent = rawTo(port);
      rawTo(port).write("GET / HTTP/1.1\r\n\r\n");
      rawTo(port).end();
      rawTo(port).on("connect", function reset(this: Socket) {
        this.resetAndDestroy();
      });
      const client = yield* orExit(connect({ host: "localhost", port, tls: TRUST }));
      yield* write(yield* orExit(accept(listener)), "hello\n");
      expect(yield* readLine(client)).toBe("hello");
      silent.destroy();
    }));

  it("cuts off one who does not finish the handshake in time", () =>
    perform(function* (self) {
      const [, port] = yield* listening({ ...SERVER, handshakeTimeoutMs: 30 });
      const silent = rawTo(port);
      yield* self.await(new Promise((resolve) => silent.once("close", resolve)));
    }));

  it("closes the connection of one who hangs up in the middle of the handshake", () =>
    perform(function* (self) {
      const [, port] = yield* listening(SERVER);
      const halfway = rawTo(port);
      halfway.end(Uint8Array.of(22, 3, 1));
      yield* self.await(new Promise((resolve) => halfway.resume().once("close", resolve)));
    }));

  it("closes connections beyond acceptQueueMax, those in their handshake among them", () =>
    perform(function* (self) {
      const [listener, port] = yield* listening(SERVER, { acceptQueueMax: 2 });
      const silent = [rawTo(port), rawTo(port)];
      yield* self.await(Promise.all(silent.map((each) => new Promise((resolve) => each.once("connect", resolve)))));
      const third = yield* connect({ host: "localhost", port, tls: TRUST });
      expect(codeIn(third)).toMatch(/econnreset|closed/);
      expect(yield* listenerInfo(listener)).toMatchObject({ refused: 1, waiting: 0 });
      for (const each of silent) each.destroy();
    }));

  it("takes those in their handshake with it when it closes", () =>
    perform(function* (self) {
      const silent: Socket[] = [];
      const owner = spawn(function* () {
        const [, port] = yield* listening(SERVER);
        silent.push(rawTo(port));
        const client = yield* orExit(connect({ host: "localhost", port, tls: TRUST }));
        yield* write(client, "never accepted");
      });
      yield* self.receive(monitor(owner));
      const [socket] = silent;
      if (socket === undefined) throw new Error("it has connected");
      yield* self.await(new Promise((resolve) => socket.once("close", resolve)));
    }));

  it("serves each connection in a process, under startTcpServer", () =>
    perform(function* () {
      const server = yield* startTcpServer({
        host: "127.0.0.1",
        port: 0,
        tls: SERVER,
        *serve(_self, socket) {
          for (let line = yield* readLine(socket); typeof line === "string"; line = yield* readLine(socket))
            yield* write(socket, `${line}!\n`);
        },
      });
      const client = yield* orExit(connect({ ...(yield* orExit(serverAddress(server))), tls: TRUST }));
      yield* write(client, "hello\n");
      expect(yield* readLine(client)).toBe("hello!");
    }));
});

describe("options of tls that make no sense", () => {
  it.each([
    [{ verify: "maybe" }, 'verify must be "verify_peer" or "verify_none"'],
    [{ versionMin: "SSLv3" }, 'versionMin must be "TLSv1.2" or "TLSv1.3"'],
    [{ alpn: [""] }, "alpn must be names of 1 to 255 bytes"],
    [{ cert: pem("server") }, "cert and key must be given both or not at all"],
    [{ cert: pem("server"), key: pem("client-key") }, "OpenSSL must be able to read its certificates and keys"],
    [{ cacerts: "nonsense", cert: "nonsense", key: "nonsense" }, "OpenSSL must be able to read"],
    [{ serverName: "127.0.0.1" }, "serverName must be the name of a host"],
  ])("throw at once for a client: %j", (tls, message) => {
    // The types refuse them; JavaScript does not.
    expect(() => connect({ port: 1, tls: tls as ClientTls })).toThrow(message);
  });

  it.each([
    [{}, "a server must have a cert and a key"],
    [{ cert: "", key: "" }, "a server must have a cert and a key"],
    [{ ...SERVER, verify: "verify_peer" }, "cacerts must say who vouches for the clients"],
    [{ ...SERVER, handshakeTimeoutMs: -1 }, "handshakeTimeoutMs must be milliseconds"],
    [{ ...SERVER, sniHosts: { a: { cert: "", key: "nonsense" } } }, "OpenSSL must be able to read"],
  ])("throw at once for a server: %#", (tls, message) => {
    expect(() => listen({ port: 0, tls: tls as ServerTls })).toThrow(message); // as above
  });

  it("never show a key", () => {
    const attempt = () => listen({ port: 0, tls: { cert: "a secret", key: "a secret" } });
    expect(attempt).toThrow("OpenSSL must be able to read");
    expect(attempt).not.toThrow("a secret");
  });
});

describe.skipIf(!hasOpenssl)("openssl, which is not installed where this is skipped,", () => {
  it("speaks with our server", () =>
    perform(function* (self) {
      const [listener, port] = yield* listening(SERVER);
      const client = spawnChild(
        "openssl",
        [
          "s_client",
          "-quiet",
          "-verify_return_error",
          "-CAfile",
          fixture("authority"),
          "-connect",
          `127.0.0.1:${port}`,
        ],
        { stdio: ["pipe", "pipe", "ignore"] },
      );
      const socket = yield* orExit(accept(listener, { timeoutMs: 5_000 }));
      client.stdin.write("hello\n");
      expect(yield* readLine(socket)).toBe("hello");
      client.kill();
      yield* self.await(new Promise((resolve) => client.once("close", resolve)));
    }));

  it("speaks with our client", () =>
    perform(function* (self) {
      const [listener, port] = yield* listening(SERVER);
      yield* closeListener(listener);
      const server = spawnChild(
        "openssl",
        ["s_server", "-rev", "-accept", `127.0.0.1:${port}`, "-cert", fixture("server"), "-key", fixture("server-key")],
        { stdio: ["pipe", "pipe", "ignore"] },
      );
      let client = yield* connect({ host: "localhost", port, tls: TRUST });
      for (let i = 0; i < 200 && codeIn(client) === "econnrefused"; i++) {
        yield* self.sleep(10);
        client = yield* connect({ host: "localhost", port, tls: TRUST });
      }
      if (isPortError(client)) throw new Error(client.message);
      yield* write(client, "hello\n");
      expect(yield* readLine(client, { timeoutMs: 5_000 })).toBe("olleh");
      server.kill("SIGKILL");
      yield* self.await(new Promise((resolve) => server.once("close", resolve)));
    }));
});
