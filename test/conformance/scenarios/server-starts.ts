// Theme genserver, first part: starting and ending.

import {
  type AnyPid,
  call,
  cast,
  exit,
  isAlive,
  monitor,
  type Pid,
  send,
  self,
  startServer,
  unlink,
} from "@krarup/core";
import { raiseError, throwValue } from "../stage/exceptions.ts";
import { drain, type Lab, type Scenarios } from "../stage/lab.ts";
import { instrumentedServer, startResult, withoutPid } from "../stage/server.ts";
import type { Step } from "../stage/step.ts";

export const serverStarts: Scenarios = {
  *gs_init_results(lab) {
    const p = yield* lab.puppet({ trapsExits: true });
    for (const [kind, init] of INITS) {
      lab.log("s", "case", kind);
      const module = instrumentedServer(lab, "srv", { logs: ["init", "continue"], init });
      const result = yield* p.does(function* () {
        const started = yield* startResult(startServer(module, null, { link: true }));
        lab.log("p", "ret", withoutPid(started));
        return started;
      });
      yield* lab.settle();
      lab.log("p", "mail", yield* p.does(drain));
      const server = pidIn(result);
      if (server === undefined) continue;
      yield* p.does(() => unlink(server));
      yield* lab.killSilently(server);
    }
  },

  *gs_start_without_link_results(lab) {
    for (const [kind, init] of INITS) {
      if (!["ignore", "stop", "stop_normal", "exit", "error", "bad"].includes(kind)) continue;
      const module = instrumentedServer(lab, "srv", { logs: ["init"], init });
      lab.log("s", kind, yield* startResult(startServer(module, null)));
    }
    yield* lab.settle();
    lab.log("s", "mail", yield* drain(lab.script));
  },

  *gs_continue_order(lab) {
    const { script } = lab;
    const module = instrumentedServer(lab, "srv", {
      init() {
        send(self(), "first_mail");
        return ["ok", "state", ["continue", "a"]];
      },
      call(_request, state) {
        send(self(), "m");
        return ["reply", "r", state, ["continue", "c"]];
      },
      cast: (_request, state) => ["noreply", state, ["continue", "d"]],
      *continue(term, state) {
        if (term === "a") return ["noreply", state, ["continue", "b"]];
        if (term === "d") return ["stop", "normal", state];
        if (term === "c") {
          send(script, "c is logged");
          yield* self().receive("the reply is logged");
        }
        return ["noreply", state];
      },
    });
    const server = yield* startServer(module, null);
    yield* lab.settle();
    const reply = yield* call(server, "work");
    yield* script.receive("c is logged");
    lab.log("s", "reply", reply);
    send(server, "the reply is logged");
    yield* lab.settle();
    cast(server, "stop_in_continue");
    yield* lab.settle();
  },

  *gs_stop_with_reply_order(lab) {
    const module = instrumentedServer(lab, "srv", {
      logs: ["call", "terminate"],
      call: (_request, state) => ["stop", "normal", "farewell", state],
      *terminate() {
        yield* self().sleep(80);
        lab.log("srv", "terminate_done");
      },
    });
    const server = yield* startServer(module, null);
    const c = yield* lab.puppet();
    yield* c.does(function* () {
      lab.log("c", "got", yield* call(server, "bye"));
    });
    yield* lab.settle();
  },

  *gs_terminate_matrix(lab) {
    for (const trapsExits of [false, true]) {
      for (const cause of CAUSES) yield* terminateCase(lab, trapsExits, cause);
    }
  },
};

const INITS: readonly (readonly [string, () => unknown])[] = [
  ["ok", () => ["ok", "state"]],
  ["continue", () => ["ok", "state", ["continue", "go"]]],
  ["ignore", () => "ignore"],
  ["stop", () => ["stop", "why"]],
  ["stop_normal", () => ["stop", "normal"]],
  ["stop_shutdown", () => ["stop", "shutdown"]],
  ["exit", () => exit("why")],
  ["error", () => raiseError("why")],
  ["throw_ok", () => throwValue(["ok", "state"])],
  ["bad", () => "garbage"],
];

/** The server in `["ok", pid]`. */
function pidIn(result: unknown): AnyPid | undefined {
  // A start that went well returned the pid of the server.
  return Array.isArray(result) && result[0] === "ok" ? (result[1] as AnyPid) : undefined;
}

const CAUSES = ["stop", "crash", "parent_exit", "stranger_exit", "stranger_normal", "kill"] as const;

function* terminateCase(lab: Lab, trapsExits: boolean, cause: (typeof CAUSES)[number]): Step<void> {
  const module = instrumentedServer(lab, "srv", {
    logs: ["info", "terminate"],
    trapsExits,
    cast: (request, state) => (request === "stop" ? ["stop", "why", state] : raiseError("why")),
  });
  const parent = yield* lab.puppet({ trapsExits: true });
  const server: Pid<unknown> = yield* parent.does(function* () {
    return yield* startServer(module, null, { link: true });
  });
  const life = monitor(server);
  lab.log("s", "case", trapsExits, cause);
  if (cause === "stop" || cause === "crash") cast(server, cause);
  else if (cause === "parent_exit") yield* parent.exits("parent_why");
  else exit(server, { stranger_exit: "stranger_why", stranger_normal: "normal", kill: "kill" }[cause]);
  yield* lab.settle();
  if (isAlive(server)) lab.log("s", "still_alive");
  else lab.log("s", "ended", yield* lab.endReason(life));
  yield* lab.killSilently(server, parent);
}
