import {
  checkResponse,
  type Down,
  exit,
  makeRef,
  monotonicTime,
  type Pid,
  processInfo,
  receiveResponse,
  register,
  reply,
  type Request,
  type RequestId,
  type ResponseMessage,
  type Self,
  send,
  sendRequest,
  spawn,
  TIMEOUT,
  waitResponse,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, laboratory } from "../../laboratory.ts";

type Doubling = Request<number, number>;
type Client = Self<ResponseMessage | Down | string>;

/** Doubles what it is asked, after as many milliseconds; asked for less than 0 it ends. */
function* doubler(self: Self<Doubling>) {
  for (;;) {
    const { from, request } = yield* self.receive();
    if (request < 0) exit("had enough");
    if (request > 0) yield* self.sleep(request);
    reply(from, request * 2);
  }
}

function ask(server: Pid<Doubling> | string, request: number): RequestId<number> {
  return sendRequest<number, number>(server, request);
}

/** What a process gets whose time is virtual. */
function play<T>(body: (self: Client) => Generator<never, T, void> | Generator<unknown, T, void>): T {
  const { run, platform } = laboratory();
  const results: T[] = [];
  run(function* (self: Client) {
    // Every body here yields operations only.
    results.push(yield* body(self) as Generator<never, T, void>);
  });
  platform.advance(1_000);
  const [result] = results;
  if (result === undefined) throw new Error("the process still waits");
  return result;
}

describe("receiveResponse", () => {
  it("returns the reply, and nothing is left behind", () => {
    expect(
      play(function* (self) {
        const id = ask(spawn(doubler), 10);
        const result = yield* receiveResponse(id);
        return [result, yield* self.receive().after(0), processInfo(self)?.monitors.length];
      }),
    ).toEqual([{ type: "reply", reply: 20 }, TIMEOUT, 0]);
  });

  it("leaves other messages where they are", () => {
    expect(
      play(function* (self) {
        send(self, "before");
        const id = ask(spawn(doubler), 0);
        send(self, "after");
        yield* receiveResponse(id);
        return [yield* self.receive(), yield* self.receive()];
      }),
    ).toEqual(["before", "after"]);
  });

  it("says why the server ended before it replied", () => {
    const [result, isServer] = play(function* () {
      const server = spawn(doubler);
      const outcome = yield* receiveResponse(ask(server, -1));
      return [
        outcome.type === "error" ? outcome.reason : outcome,
        outcome.type === "error" && outcome.server === server,
      ];
    });
    expect([result, isServer]).toEqual(["had enough", true]);
  });

  it("says noproc where there is no server", () => {
    expect(
      play(function* () {
        return yield* receiveResponse(ask("nobody", 1), 0);
      }),
    ).toEqual({ type: "error", reason: "noproc", server: "nobody" });
  });

  it("abandons the request when the time is over: a late reply vanishes", () => {
    expect(
      play(function* (self) {
        const id = ask(spawn(doubler), 50);
        const results = [yield* receiveResponse(id, 10), yield* receiveResponse(id, 100)];
        return [...results, yield* self.receive().after(0), processInfo(self)?.monitors.length];
      }),
    ).toEqual([{ type: "timeout" }, { type: "timeout" }, TIMEOUT, 0]);
  });

  it("takes a time on the clock", () => {
    expect(
      play(function* () {
        const at = monotonicTime() + 30;
        const result = yield* receiveResponse(ask(spawn(doubler), 50), { at });
        return [result, monotonicTime() - at, yield* receiveResponse(ask(spawn(doubler), 50), { at })];
      }),
    ).toEqual([{ type: "timeout" }, 0, { type: "timeout" }]);
  });

  it("of a request to oneself finds what one has sent", () => {
    const result = laboratory().play(function* (self: Self<Doubling>) {
      const id = sendRequest<number, number>(self, 3);
      const { from, request } = yield* self.receive();
      reply(from, request + 1);
      return yield* receiveResponse(id);
    });
    expect(result).toEqual({ type: "reply", reply: 4 });
  });

  it("refuses a request of another process, and what is no request", () => {
    const lab = laboratory();
    const foreign = lab.play(function* () {
      return ask("nobody", 1);
    });
    for (const id of [foreign, makeRefOf(lab)])
      expect(
        codeOf(() =>
          lab.play(function* () {
            return yield* receiveResponse(id, 0);
          }),
        ),
      ).toBe("ERR_BAD_ARGUMENT");
  });
});

describe("waitResponse", () => {
  it("keeps the request when the time is over", () => {
    expect(
      play(function* () {
        const id = ask(spawn(doubler), 50);
        return [yield* waitResponse(id, 10), yield* waitResponse(id, 100)];
      }),
    ).toEqual([{ type: "timeout" }, { type: "reply", reply: 100 }]);
  });
});

describe("checkResponse", () => {
  it("knows the response among the messages", () => {
    expect(
      play(function* (self) {
        register("doubler", spawn(doubler));
        const [first, second] = [ask("doubler", 0), ask("doubler", -1)];
        const messages = [yield* self.receive(), yield* self.receive()];
        return messages.map((message) => [checkResponse(message, first), checkResponse(message, second)]);
      }),
    ).toEqual([
      [{ type: "reply", reply: 0 }, { type: "no_reply" }],
      [{ type: "no_reply" }, { type: "error", reason: "had enough", server: "doubler" }],
    ]);
  });

  it("ticks off one of several", () => {
    expect(
      play(function* (self) {
        const ids = new Map([[ask(spawn(doubler), 0), "label"]]);
        const message = yield* self.receive();
        return [checkResponse("other", ids), checkResponse(message, ids), ids.size, checkResponse(message, ids)];
      }),
    ).toEqual([{ type: "no_reply" }, { type: "reply", reply: 0, label: "label" }, 0, { type: "no_request" }]);
  });
});

describe("a collection of requests", () => {
  it("gives its responses as they come, each with its label", () => {
    expect(
      play(function* () {
        const ids = new Map([20, 10, 30].map((ms) => [ask(spawn(doubler), ms), `after ${ms}`]));
        const results = [];
        while (ids.size > 0) results.push(yield* receiveResponse(ids, 100));
        return [...results, yield* receiveResponse(ids)];
      }),
    ).toEqual([
      { type: "reply", reply: 20, label: "after 10" },
      { type: "reply", reply: 40, label: "after 20" },
      { type: "reply", reply: 60, label: "after 30" },
      { type: "no_request" },
    ]);
  });

  it("is abandoned as a whole when the time is over, or kept", () => {
    expect(
      play(function* (self) {
        const ids = new Map([20, 30].map((ms) => [ask(spawn(doubler), ms), ms]));
        const results = [yield* waitResponse(ids, 5), ids.size, yield* receiveResponse(ids, 5), ids.size];
        yield* self.sleep(50);
        return [...results, yield* self.receive().after(0)];
      }),
    ).toEqual([{ type: "timeout" }, 2, { type: "timeout" }, 0, TIMEOUT]);
  });
});

/** A ref that is no request; its type is the test's claim. */
function makeRefOf(lab: ReturnType<typeof laboratory>): RequestId<number> {
  return lab.play(function* () {
    return makeRef();
  });
}
