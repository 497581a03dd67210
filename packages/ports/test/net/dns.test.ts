// The server that is asked is one of our own, over a UDP socket of ours: it knows a few names, and never answers for one.

import { exit, monitor, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import {
  type DnsRecords,
  isPortError,
  lookup,
  openUdp,
  orExit,
  read,
  resolve,
  type ResolveOptions,
  reverse,
  udpInfo,
  type UdpSocket,
  write,
} from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";
import { codeIn, perform } from "../stage.ts";

/** A name as it is on the wire. */
function wire(name: string): number[] {
  return [...name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]), 0];
}

const RECORDS: Readonly<Record<string, readonly number[][]>> = {
  "known.test 1": [
    [192, 0, 2, 1],
    [192, 0, 2, 2],
  ],
  "known.test 28": [[0x20, 1, 0xd, 0xb8, ...Array.from({ length: 11 }, () => 0), 1]],
  "known.test 15": [[0, 10, ...wire("mail.known.test")]],
  "known.test 16": [[3, ...Buffer.from("one"), 3, ...Buffer.from("two")]],
  "known.test 6": [
    [...wire("ns.known.test"), ...wire("admin.known.test"), ...[1, 2, 3, 4, 5].flatMap((n) => [0, 0, 0, n])],
  ],
  "_http._tcp.known.test 33": [[0, 1, 0, 2, 0x1f, 0x90, ...wire("web.known.test")]],
  "1.2.0.192.in-addr.arpa 12": [wire("known.test")],
};

/** The answer to a query; null for the name that is never answered. */
function answered(query: Uint8Array): Uint8Array | null {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(Buffer.from(query.subarray(at + 1, at + 1 + length)).toString());
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const name = labels.join(".").toLowerCase();
  if (name === "silent.test") return null;
  const type = query[at + 2] ?? 0;
  const records = RECORDS[`${name} ${type}`] ?? [];
  const isKnown = Object.keys(RECORDS).some((each) => each.startsWith(`${name} `));
  const header = [query[0] ?? 0, query[1] ?? 0, 0x81, isKnown ? 0x80 : 0x83, 0, 1, 0, records.length, 0, 0, 0, 0];
  const answers = records.flatMap((data) => [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data]);
  return Uint8Array.from([...header, ...question, ...answers]);
}

function* answerQueries(server: UdpSocket): Steps<void> {
  for (;;) {
    const query = yield* read(server);
    if (isPortError(query)) return;
    const answer = answered(query.data);
    if (answer !== null) yield* write(server, { ...query, data: answer });
  }
}

/** Starts the server. @returns what makes it the one that is asked */
function* served(): Steps<ResolveOptions> {
  const ports: number[] = [];
  spawn(function* () {
    const server = yield* orExit(openUdp({ host: "127.0.0.1" }));
    ports.push((yield* orExit(udpInfo(server))).address.port);
    yield* answerQueries(server);
  });
  while (ports.length === 0) yield* lookup("127.0.0.1");
  return { servers: [`127.0.0.1:${ports[0]}`], timeoutMs: 5_000 };
}

describe("resolve", () => {
  it.each([
    ["a", "known.test", ["192.0.2.1", "192.0.2.2"]],
    ["aaaa", "known.test", ["2001:db8::1"]],
    ["mx", "known.test", [{ exchange: "mail.known.test", priority: 10 }]],
    ["txt", "known.test", ["onetwo"]],
    ["srv", "_http._tcp.known.test", [{ name: "web.known.test", port: 8080, priority: 1, weight: 2 }]],
    ["soa", "known.test", [{ nsname: "ns.known.test", serial: 1, minttl: 5 }]],
  ] as const)("answers the records of type %s", (type, name, records) =>
    perform(function* () {
      expect(yield* resolve(name, type, yield* served())).toMatchObject(records);
    }),
  );

  it.each([
    ["unknown.test", "enotfound"],
    ["known.test", "enodata"],
  ])("has an error for a name that is not there, and for one without such records: %s, %s", (name, code) =>
    perform(function* () {
      expect(codeIn(yield* resolve(name, "ns", yield* served()))).toBe(code);
    }),
  );

  it("gives up after timeoutMs", () =>
    perform(function* () {
      const { servers = [] } = yield* served();
      expect(codeIn(yield* resolve("silent.test", "a", { servers, timeoutMs: 40 }))).toBe("timeout");
    }));

  it("says econnrefused or times out where no server is", () =>
    perform(function* () {
      const nowhere = { servers: ["127.0.0.1:1"], timeoutMs: 200 };
      expect(codeIn(yield* resolve("known.test", "a", nowhere))).toMatch(/econnrefused|timeout/);
    }));

  it("is given up when its process ends", () =>
    perform(function* (self) {
      const options = yield* served();
      const asker = spawn(function* () {
        yield* resolve("silent.test", "a", options);
      });
      const end = monitor(asker);
      yield* lookup("127.0.0.1");
      exit(asker, "kill");
      expect(yield* self.receive(end)).toMatchObject({ reason: "killed" });
    }));
});

describe("reverse", () => {
  it("answers the names of an address", () =>
    perform(function* () {
      expect(yield* reverse("192.0.2.1", yield* served())).toEqual(["known.test"]);
    }));

  it("has an error for an address without a name, and for what is none", () =>
    perform(function* () {
      const options = yield* served();
      expect(codeIn(yield* reverse("192.0.2.9", options))).toBe("enotfound");
      expect(codeIn(yield* reverse("nonsense", options))).toBe("einval");
    }));
});

describe("lookup", () => {
  it("answers what the system knows", () =>
    perform(function* () {
      expect(yield* lookup("localhost", { family: "inet" })).toEqual(["127.0.0.1"]);
      expect(yield* lookup("192.0.2.1")).toEqual(["192.0.2.1"]);
    }));

  it("has an error for a name that is not there", () =>
    perform(function* () {
      expect(codeIn(yield* lookup("no-such-name.invalid"))).toMatch(/enotfound|eai_again/);
    }));

  it("gives up after timeoutMs", () =>
    perform(function* () {
      expect(codeIn(yield* lookup("no-such-name.invalid", { timeoutMs: 0 }))).toMatch(/timeout|enotfound|eai_again/);
    }));
});

describe("questions that make no sense", () => {
  it.each([
    [() => lookup(""), "a name must be a text that is not empty"],
    [() => lookup("a", { timeoutMs: -1 }), "timeoutMs must be milliseconds"],
    [() => lookup("a", { family: "ipv4" as "inet" }), 'family must be "inet" or "inet6"'], // as JavaScript can
    [() => resolve("a", "any" as keyof DnsRecords), "the type of a record must be one of a, aaaa"], // as above
    [() => resolve("a", "a", { servers: ["dns.example"] }), "servers must be addresses"],
    [() => reverse("a\0b"), "a name must be a text that is not empty"],
  ])("throw at once: %s", (question, message) => {
    expect(question).toThrow(message);
  });
});
