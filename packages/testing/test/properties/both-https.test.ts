// A program cannot tell HTTP over the simulated network from HTTP by Node: random requests, some of them by hand and broken, get the same
// answers.

import { createNode, type Self, spawnOpt } from "@krarup/core";
import { nodePlatform } from "@krarup/core/node";
import {
  acceptWebSocket,
  type Address,
  type BodyWriter,
  closeWebSocket,
  closeWrite,
  connect,
  connectWebSocket,
  type HttpRequest,
  type HttpResponse,
  httpServerInfo,
  isPortError,
  json,
  orExit,
  read,
  readBody,
  request,
  startHttpServer,
  textOf,
  write,
} from "@krarup/ports";
import fc from "fast-check";
import { expect, it } from "vitest";
import { simulation } from "../../src/index.ts";
import { brief, type Steps } from "../stage.ts";

const RUNS = Number(process.env["KRARUP_RUNS"] ?? 1) * 15;

/** Bytes of a body that the server takes. */
const BODY_MAX = 2_000;

type Step =
  | { readonly do: "ask"; readonly method: string; readonly path: string; readonly bytes: number }
  | { readonly do: "raw"; readonly text: string; readonly ends: boolean }
  | { readonly do: "talk"; readonly texts: readonly string[]; readonly code: number };

const GET = "GET /fixed HTTP/1.1\r\nHost: a\r\n";

const raws = fc.constantFrom(
  `${GET}\r\n`,
  `${GET}Connection: close\r\n\r\n`,
  `${GET}\r\n${GET}\r\n${GET}Connection: close\r\n\r\n`,
  "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /fixed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  "GET /parts HTTP/1.0\r\n\r\n",
  "GET /fixed HTTP/1.1\r\n\r\n",
  "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
  "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
  "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\nhi",
  "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n",
  "GARBAGE\r\n\r\n",
  `${GET}X: ${"y".repeat(20_000)}\r\n\r\n`,
  `${GET}bad header\r\n\r\n`,
  `${GET}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
);

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant("ask" as const),
      method: fc.constantFrom("GET", "POST", "HEAD", "PUT"),
      path: fc.constantFrom("/fixed", "/echo", "/parts", "/fails", "/halfway", "/empty", "/headers", "/socket"),
      bytes: fc.constantFrom(0, 1, 500, 1_999, 2_000, 2_001, 9_000),
    }),
    fc.record({ do: fc.constant("raw" as const), text: raws, ends: fc.boolean() }),
    fc.record({
      do: fc.constant("talk" as const),
      texts: fc.array(fc.constantFrom("a", "é", "x".repeat(126), "y".repeat(70_000))),
      code: fc.constantFrom(1_000, 4_000),
    }),
  ),
  { minLength: 1, maxLength: 6 },
);

it(
  "a program sees over simulated HTTP what it sees over Node's",
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer(), async (script, seed) => {
        const real = await inReality(script);
        expect(await inSimulation(script, seed)).toEqual(real);
      }),
      { numRuns: RUNS },
    );
  },
  60_000 + RUNS * 3_000,
);

function* handler(message: HttpRequest, self: Self): Steps<HttpResponse> {
  switch (message.path) {
    case "/fixed":
      return { headers: { "X-Kind": "fixed", "Set-Cookie": ["a=1", "b=2"] }, body: "hello" };
    case "/echo": {
      const body = yield* readBody(message);
      return isPortError(body) ? { status: 413, body: body.code } : { body };
    }
    case "/slow":
      yield* self.sleep(5);
      return { body: "slow" };
    case "/parts":
      return { body: parts };
    case "/fails":
      throw new Error("on purpose");
    case "/halfway":
      return { body: halfway };
    case "/empty":
      return { status: 204 };
    case "/socket":
      return acceptWebSocket(function* (socket) {
        for (let each = yield* read(socket); !isPortError(each); each = yield* read(socket)) yield* write(socket, each);
      });
    default:
      return json([message.method, message.path, message.headers["x-twice"], message.headers["content-length"]]);
  }
}

const parts: BodyWriter = function* (send) {
  for (const part of ["one", "", "two"]) yield* send(part);
};

const halfway: BodyWriter = function* (send) {
  yield* send("a part");
  throw new Error("on purpose");
};

/** Does the steps one after the other. @returns what each answered */
function* perform(script: readonly Step[]): Steps<unknown[]> {
  const server = yield* startHttpServer({ host: "127.0.0.1", port: 0, bodyBytesMax: BODY_MAX, handler });
  const { address } = yield* orExit(httpServerInfo(server));
  const answers: unknown[] = [];
  for (const step of script) answers.push(yield* act(address, step));
  return answers;
}

function* act(address: Address, step: Step): Steps<unknown> {
  const port = "port" in address ? address.port : 0;
  switch (step.do) {
    case "ask":
      return yield* asked(`http://127.0.0.1:${port}${step.path}`, step);
    case "raw":
      return yield* said(port, step);
    case "talk":
      return yield* talked(`ws://127.0.0.1:${port}/socket`, step);
  }
}

function* asked(url: string, { method, bytes }: Extract<Step, { do: "ask" }>): Steps<unknown> {
  const headers = { "X-Twice": ["1", "2"] };
  const hasBody = method === "POST" || method === "PUT";
  const options = { url, method, headers, ...(hasBody ? { body: "x".repeat(bytes) } : {}) };
  const answer = yield* request(options);
  if (isPortError(answer)) return [url.length, answer.code];
  return [answer.status, withoutDate(answer.headers), answer.setCookies, textOf(answer.body)];
}

function withoutDate(headers: Readonly<Record<string, string>>): unknown {
  return Object.entries(headers).filter(([name]) => name !== "date");
}

function* said(port: number, { text, ends }: Extract<Step, { do: "raw" }>): Steps<unknown> {
  const socket = yield* orExit(connect({ host: "127.0.0.1", port, exitOnClose: false }));
  yield* write(socket, text);
  let heard = "";
  for (;;) {
    const piece = yield* read(socket, { timeoutMs: 60 });
    if (!isPortError(piece)) heard += textOf(piece);
    else
      return [
        ends,
        piece.code,
        heard.replaceAll(/Date: .*\r\n/g, "").replaceAll(/\r\n/g, "|"),
        ends && brief(yield* closeWrite(socket)),
      ];
  }
}

function* talked(url: string, { texts, code }: Extract<Step, { do: "talk" }>): Steps<unknown> {
  const socket = yield* orExit(connectWebSocket({ url }));
  const heard: unknown[] = [];
  for (const text of texts) {
    yield* write(socket, text);
    heard.push(brief(yield* read(socket)));
  }
  yield* closeWebSocket(socket, code, "enough");
  return [heard, brief(yield* read(socket))];
}

async function inSimulation(script: readonly Step[], seed: number): Promise<unknown[]> {
  const world = simulation({ seed });
  const machine = world.machine("machine");
  world.network.setLink("machine", "machine", { latencyMs: [0, 0.5], segmentBytes: [1, 10_000] });
  const answers = await world.run(machine, () => perform(script));
  await world.advance(60_000);
  expect([machine.openDescriptors, world.leftovers]).toEqual([[], []]);
  return answers;
}

async function inReality(script: readonly Step[]): Promise<unknown[]> {
  const node = createNode({ platform: nodePlatform(), reports: "none" });
  try {
    return await new Promise((resolve, reject) => {
      const body = function* (): Steps<void> {
        try {
          resolve(yield* perform(script));
        } catch (error) {
          reject(error);
        }
      };
      spawnOpt(body, [], { node });
    });
  } finally {
    node.halt();
  }
}
