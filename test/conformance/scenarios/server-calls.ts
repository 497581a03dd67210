// Theme genserver, second part: calls, casts and the idle time-out.

import {
  type AnyPid,
  call,
  cast,
  exit,
  type From,
  isAlive,
  type Pid,
  processInfo,
  reply,
  self,
  send,
  startServer,
} from "@krarup/core";
import { raiseError, throwValue } from "../stage/exceptions.ts";
import { type Lab, type Scenarios } from "../stage/lab.ts";
import { callCaught, instrumentedServer } from "../stage/server.ts";
import type { Step } from "../stage/step.ts";

export const serverCalls: Scenarios = {
  *gs_call_result_shapes(lab) {
    const first = yield* startCounter(lab, true);
    for (const request of ["reply", "reply_continue", "reply_timeout", "reply_hibernate"]) {
      lab.log("s", request, yield* callCaught(lab.script, first, request));
      if (request === "reply_timeout") yield* lab.sleep(80);
    }
    const second = yield* startCounter(lab, false);
    for (const request of ["noreply_later", "reply", "stop_reply"]) {
      lab.log("s", request, yield* callCaught(lab.script, second, request));
    }
    yield* lab.settle();
    lab.log("s", "alive", isAlive(second));
  },

  *gs_call_failure_reasons(lab) {
    const d: AnyPid = yield* lab.endedProcess();
    lab.log("s", "dead_pid", yield* callCaught(lab.script, d as Pid<unknown>, "hello")); // nobody reads it
    lab.log("s", "no_name", yield* callCaught(lab.script, "oracle_none", "hello"));
    for (const [way, handler] of FAILURES) {
      const module = instrumentedServer(lab, "srv", { logs: [], call: handler });
      const server = yield* startServer(module, null);
      lab.log("s", way, yield* callCaught(lab.script, server, way));
      yield* lab.killSilently(server);
    }
  },

  *gs_call_timeout_and_late_reply(lab) {
    const module = instrumentedServer(lab, "srv", {
      logs: [],
      *call(request, state) {
        if (request === "slow") yield* self().sleep(400);
        return ["reply", request === "slow" ? "done" : "quick", state];
      },
    });
    const server = yield* startServer(module, null);
    const c = yield* lab.puppet();
    lab.log("c", "call", yield* c.does((caller) => callCaught(caller, server, "slow", 40)));
    yield* lab.sleep(600);
    yield* lab.outcome("c", c);
    lab.log("c", "call", yield* c.does((caller) => callCaught(caller, server, "quick")));
    lab.log("s", "monitors", processInfo(c.pid)?.monitors.length);
    yield* lab.killSilently(server);
    yield* lab.outcome("c", c);
    yield* lab.killSilently(c);
  },

  *gs_cast_semantics(lab) {
    const d = yield* lab.endedProcess();
    lab.log(
      "s",
      "cast_dead",
      castResult(() => cast(d, "hello")),
    );
    lab.log(
      "s",
      "cast_noname",
      castResult(() => cast("oracle_none", "hello")),
    );
    const module = instrumentedServer(lab, "srv", {
      logs: ["call", "cast", "info", "continue", "terminate"],
    });
    const server = yield* startServer(module, null);
    cast(server, 1);
    cast(server, 2);
    yield* call(server, "q");
    cast(server, 3);
    send(server, 4);
    yield* call(server, "q");
    lab.log("s", "done");
    yield* lab.killSilently(server);
  },

  *gs_idle_timeout(lab) {
    const module = instrumentedServer(lab, "srv", {
      init: () => ["ok", "state", 60],
      cast: setIdle,
    });
    const server = yield* startServer(module, null);
    yield* lab.sleep(150);
    lab.log("s", "phase", 2);
    cast(server, "arm");
    yield* lab.sleep(30);
    cast(server, "plain");
    yield* lab.sleep(450);
    lab.log("s", "phase", 3);
    cast(server, "arm");
    yield* lab.sleep(30);
    cast(server, "arm");
    yield* lab.sleep(500);
    lab.log("s", "phase", 4);
    cast(server, "zero");
    yield* lab.settle();
    cast(server, "zero_clean");
    yield* lab.settle();
    yield* lab.killSilently(server);
  },
};

/** A server that counts; its state is the count. */
function startCounter(lab: Lab, logsInfo: boolean): Step<Pid<unknown>> {
  const module = instrumentedServer(lab, "srv", {
    logs: logsInfo ? ["call", "info", "terminate"] : ["call", "terminate"],
    init: () => ["ok", 0],
    call: (request, state, from) => count(request, Number(state), from),
    continue: (_term, state) => ["noreply", Number(state) + 10],
    info(message, state) {
      // The only array that is ever sent to it is its own ["reply to", from].
      if (Array.isArray(message)) reply(message[1] as From<unknown>, "late");
      return ["noreply", state];
    },
  });
  return (function* () {
    return yield* startServer(module, null);
  })();
}

function count(request: unknown, n: number, from: From<unknown>): unknown {
  switch (request) {
    case "reply":
      return ["reply", ["n", n], n + 1];
    case "reply_continue":
      return ["reply", ["n", n], n, ["continue", "c1"]];
    case "reply_timeout":
      return ["reply", ["n", n], n, 30];
    case "reply_hibernate":
      return ["reply", ["n", n], n, "hibernate"];
    case "noreply_later":
      send(self(), ["reply to", from]);
      return ["noreply", n];
    default:
      return ["stop", "normal", "bye", n];
  }
}

type CallHandler = (request: unknown, state: unknown) => unknown;

const FAILURES: readonly (readonly [string, CallHandler])[] = [
  ["stop_normal", (_request, state) => ["stop", "normal", state]],
  ["stop_shutdown", (_request, state) => ["stop", "shutdown", state]],
  ["stop_tuple", (_request, state) => ["stop", ["shutdown", "x"], state]],
  ["stop_other", (_request, state) => ["stop", "why", state]],
  ["exit", () => exit("why")],
  ["error", () => raiseError("why")],
  ["throw_reply", (_request, state) => throwValue(["reply", "thrown", state])],
  ["throw_bad", () => throwValue("ball")],
  ["bad_return", () => "garbage"],
  ["killed", killSelf],
  ["self", callSelf],
];

function* killSelf(): Step<void> {
  yield* self().signal("kill");
}

function* callSelf(_request: unknown, state: unknown): Step<unknown> {
  return ["reply", yield* callCaught(self(), self<unknown>(), "again"), state];
}

/** `gen_server:cast` answers ok; ours answers nothing. */
function castResult(perform: () => void): "ok" {
  perform();
  return "ok";
}

function setIdle(request: unknown, state: unknown): unknown {
  switch (request) {
    case "arm":
      return ["noreply", state, 300];
    case "zero":
      send(self(), "queued");
      return ["noreply", state, 0];
    case "zero_clean":
      return ["noreply", state, 0];
    default:
      return ["noreply", state];
  }
}
