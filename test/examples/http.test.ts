import { type Suspension, Task, whereis } from "@krarup/core";
import {
  type Address,
  close,
  connect,
  httpServerInfo,
  orExit,
  type Port,
  read,
  readLine,
  spawnExecutable,
  textOf,
  write,
} from "@krarup/ports";
import { Supervisor, type SupervisorPid } from "@krarup/supervisor";
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { SERVER, serviceSpec } from "../../examples/http/tree.ts";
import { onNode } from "./on-node.ts";

type Steps<T> = Generator<Suspension, T, void>;
type TcpAddress = Extract<Address, { readonly port: number }>;

const hasWrk = spawnSync("wrk", ["--version"]).error === undefined;
const wrkNote = hasWrk ? "" : " (skipped: wrk is not installed)";

const CLIENTS = 10;
const REQUESTS_EACH = 200;

describe("the http service", () => {
  it("answers every request but those it fails on, each with a 500, on connections that stay open", () =>
    withService(100, function* (address) {
      const clients = Array.from({ length: CLIENTS }, () => Task.async(statuses, address, REQUESTS_EACH));
      const all: number[] = [];
      for (const client of clients) all.push(...(yield* Task.await(client)));
      expect(all).toHaveLength(CLIENTS * REQUESTS_EACH);
      expect(all.filter((status) => status === 500)).toHaveLength(20);
      expect(all.filter((status) => status === 200)).toHaveLength(1_980);
      expect(yield* tally(address)).toEqual({ greetings: 2_000, failures: 20 });
    }));

  it("streams, and counts what it is sent", () =>
    withService(0, function* (address) {
      const counting = yield* orExit(connect(address));
      yield* write(counting, get("/count"));
      yield* hears(counting, "\r\n2\r\n1\n\r\n");
      yield* hears(counting, "2\r\n2\n\r\n");
      yield* close(counting);
      const sending = yield* orExit(connect(address));
      yield* write(sending, `POST /length HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n`);
      yield* write(sending, "x".repeat(1_000_000));
      yield* hears(sending, '{"length":1000000}');
    }));

  it.runIf(hasWrk)(`loses no other request under load${wrkNote}`, () =>
    withService(100, function* (address) {
      const target = `http://127.0.0.1:${address.port}/`;
      const wrk = yield* orExit(spawnExecutable("wrk", { args: ["-t1", `-c${CLIENTS}`, "-d1s", target] }));
      const report = yield* allOf(wrk);
      expect(report).not.toContain("Socket errors");
      const failed = Number(/Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1]);
      const { failures, greetings } = yield* tally(address);
      expect(failures).toBe(Math.floor(greetings / 100));
      // wrk stops in the middle of what is under way: each connection may have a request that it did not count.
      expect(failures - failed).toBeGreaterThanOrEqual(0);
      expect(failures - failed).toBeLessThanOrEqual(CLIENTS);
      expect(failed).toBeGreaterThan(0);
    }),
  );
});

/** Runs `script` against a service on a node of its own. */
function withService(failEvery: number, script: (address: TcpAddress) => Steps<void>): Promise<void> {
  return onNode(function* () {
    yield* Supervisor.startLink(serviceSpec({ host: "127.0.0.1", port: 0 }, failEvery));
    // The tree registers it under that name.
    const { address } = yield* orExit(httpServerInfo(whereis(SERVER) as SupervisorPid));
    if (!("port" in address)) throw new Error("the service listens on a port");
    yield* script(address);
  });
}

/** Asks for `count` greetings on one connection. @returns the statuses */
function* statuses(address: Address, count: number): Steps<number[]> {
  const socket = yield* orExit(connect(address));
  const found: number[] = [];
  while (found.length < count) {
    yield* write(socket, get("/"));
    const answer = yield* hears(socket, /\n(Hello|Internal Server Error)\n$/);
    found.push(Number(answer.slice(9, 12)));
  }
  return found;
}

function* tally(address: Address): Steps<{ readonly greetings: number; readonly failures: number }> {
  const socket = yield* orExit(connect(address));
  yield* write(socket, get("/tally"));
  const answer = yield* hears(socket, /\}$/);
  // It is what the tally says.
  return JSON.parse(answer.slice(answer.indexOf("{"))) as { greetings: number; failures: number };
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`;
}

/** Waits until what has come has `mark` in it. */
function* hears(socket: Port, mark: string | RegExp): Steps<string> {
  let text = "";
  while (typeof mark === "string" ? !text.includes(mark) : !mark.test(text))
    text += textOf(yield* orExit(read(socket, { timeoutMs: 5_000 })));
  return text;
}

function* allOf(port: Port): Steps<string> {
  const lines: string[] = [];
  for (let line = yield* readLine(port); typeof line === "string"; line = yield* readLine(port)) lines.push(line);
  return lines.join("\n");
}
