// Theme otpbase: the system protocol.

import { call, cast, getState, replaceState, resume, send, startServer, stop, suspend } from "@krarup/core";
import type { Lab, Scenarios } from "../stage/lab.ts";
import { instrumentedServer } from "../stage/server.ts";

export const sys: Scenarios = {
  *sys_suspend_resume(lab) {
    const module = instrumentedServer(lab, "srv", {
      logs: ["call", "cast", "info", "continue", "terminate"],
      init: () => ["ok", { tag: "t0" }],
    });
    const server = yield* startServer(module, null);
    yield* suspend(server);
    cast(server, 1);
    cast(server, 2);
    send(server, "hello");
    const c = yield* lab.puppet();
    c.begins(function* () {
      lab.log("c", "got", yield* call(server, "q"));
    });
    yield* lab.settle();
    lab.log("s", "suspended");
    yield* resume(server);
    yield* lab.settle();
    yield* suspend(server);
    logTag(lab, yield* getState(server));
    yield* replaceState(server, { tag: "t1" });
    logTag(lab, yield* getState(server));
    yield* resume(server);
    yield* stop(server);
    yield* lab.settle();
    yield* lab.killSilently(c);
  },
};

function logTag(lab: Lab, state: unknown): void {
  const tag = typeof state === "object" && state !== null && "tag" in state ? state.tag : undefined;
  lab.log("s", "tag", tag);
}
