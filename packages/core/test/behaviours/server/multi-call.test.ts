import { abcast, multiCall, register, reply, type Request, type Self, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { type Body, laboratory } from "../../laboratory.ts";

type Echo = Request<string, string>;

/** Replies with what it is asked, after `ms`. */
function echo(ms: number): Body<Echo> {
  return function* (self) {
    for (;;) {
      const { from, request } = yield* self.receive();
      yield* self.sleep(ms);
      reply(from, request);
    }
  };
}

/** The result of a call to a server that takes `ms`, in virtual time. */
function called(ms: number, options: Parameters<typeof multiCall>[2]): unknown {
  const { run, platform } = laboratory({ name: "here" });
  const results: unknown[] = [];
  run(function* () {
    register("echo", spawn(echo(ms)));
    results.push(yield* multiCall("echo", "hi", options));
  });
  platform.advance(1_000);
  return results[0];
}

describe("multiCall", () => {
  it("asks the node of the caller unless told otherwise", () => {
    expect(called(0, {})).toEqual({ replies: [{ node: "here", reply: "hi" }], badNodes: [] });
  });

  it("names the nodes that have not replied, in order", () => {
    expect(called(5, { nodes: ["there", "here", "nowhere", "here"] })).toEqual({
      replies: [
        { node: "here", reply: "hi" },
        { node: "here", reply: "hi" },
      ],
      badNodes: ["there", "nowhere"],
    });
  });

  it("gives a slow node up when the time is over", () => {
    expect(called(50, { timeoutMs: 20 })).toEqual({ replies: [], badNodes: ["here"] });
  });

  it("has one time-out for all: two servers that take 15 ms each, one after the other, are too slow for 20 ms", () => {
    expect(called(15, { nodes: ["here", "here"], timeoutMs: 20 })).toEqual({
      replies: [{ node: "here", reply: "hi" }],
      badNodes: ["here"],
    });
  });

  it("of no nodes is over at once", () => {
    expect(called(0, { nodes: [] })).toEqual({ replies: [], badNodes: [] });
  });
});

describe("abcast", () => {
  it("casts to the name, and says so whoever is there", () => {
    const result = laboratory({ name: "here" }).play(function* (self: Self<unknown>) {
      register("me", self);
      const said = [abcast("me", "hi"), abcast("me", "ho", ["there", "here"]), abcast("nobody", "hu")];
      return [said, yield* self.receive(), yield* self.receive()];
    });
    expect(result).toEqual([
      ["abcast", "abcast", "abcast"],
      { type: "$gen_cast", request: "hi" },
      { type: "$gen_cast", request: "ho" },
    ]);
  });
});
