import {
  call,
  cast,
  type Operation,
  type Pid,
  type Request,
  send,
  type ServerModule,
  startServer,
  stop,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory } from "../../laboratory.ts";
import { live } from "../task/task-owner.ts";

type AnyServer = Pid<Request<string, unknown>>;

describe("a server that asks to hibernate", () => {
  it("goes on as if it had not", () => {
    const module: ServerModule<number, null> = {
      init: () => ["ok", 0, "hibernate"],
      handleCall: (_request, _from, count) => ["reply", count, count + 1, "hibernate"],
      handleCast: (_request, count) => ["noreply", count + 10, "hibernate"],
      handleInfo: (_message, count) => ["noreply", count + 100, "hibernate"],
    };
    const seen = live(function* () {
      const server = (yield* startServer(module, null)) as AnyServer; // what it understands
      cast(server, "more");
      send<unknown>(server as Pid<unknown>, "more"); // it takes any message
      return [yield* call(server, "count"), yield* call(server, "count")];
    });
    expect(seen).toEqual([110, 111]);
  });
});

describe("a server without callbacks", () => {
  it.each<[string, (server: AnyServer) => Operation<unknown> | void, unknown]>([
    ["a call", (server) => call(server, "hello"), ["undef", ["handleCall", "hello"]]],
    ["a cast", (server) => cast(server, "hello"), ["undef", ["handleCast", "hello"]]],
    ["any other message", (server) => void send<unknown>(server as Pid<unknown>, "hello"), undefined],
    ["a stop, for which it needs no terminate", (server) => stop(server, "done"), "done"],
  ])("at %s ends with the reason that OTP gives, or lives", (_what, act, reason) => {
    const { node, run, ends } = laboratory();
    const servers: AnyServer[] = [];
    const labels: string[] = [];
    node.subscribe(["report"], (event) => {
      if (event.type === "report") labels.push(event.report.label);
    });
    run(function* () {
      const server = (yield* startServer({ init: () => ["ok", 0] }, null)) as AnyServer; // what it is asked
      servers.push(server);
      const waiting = act(server);
      if (waiting !== undefined) yield* waiting;
    });
    expect(servers.map((server) => ends.get(server))).toEqual([reason]);
    expect(labels).toEqual(reason === undefined ? ["no_handle_info"] : []);
  });
});
