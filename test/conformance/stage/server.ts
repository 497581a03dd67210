// The instrumented server of scenarios.md, and what scripts do with servers.

import {
  call,
  type From,
  type Name,
  type Operation,
  type Pid,
  type Request,
  self,
  type ServerModule,
  StartError,
} from "@krarup/core";
import { caught } from "./exceptions.ts";
import type { Lab } from "./lab.ts";
import type { AnySelf, Step } from "./step.ts";

/** Callbacks whose calls a server can log. */
export type Logged = "init" | "call" | "cast" | "info" | "continue" | "terminate";

/** How a server differs from the default one. A callback may return anything: some scenarios are about nonsense. */
export interface ServerPart {
  /** What is logged; default everything. */
  readonly logs?: readonly Logged[];
  readonly trapsExits?: boolean;
  readonly init?: () => unknown;
  readonly call?: (request: unknown, state: unknown, from: From<unknown>) => unknown;
  readonly cast?: (request: unknown, state: unknown) => unknown;
  readonly info?: (message: unknown, state: unknown) => unknown;
  readonly continue?: (term: unknown, state: unknown) => unknown;
  readonly terminate?: (reason: unknown, state: unknown) => unknown;
}

/** A server whose callbacks log and then do what `part` says. */
export function instrumentedServer(lab: Lab, role: string, part: ServerPart): ServerModule<unknown> {
  const log = (callback: Logged, ...what: readonly unknown[]): void => {
    if (part.logs === undefined || part.logs.includes(callback)) lab.log(role, callback, ...what);
  };
  const module = {
    init(): unknown {
      if (part.trapsExits === true) self().trapExit();
      log("init");
      return part.init === undefined ? ["ok", "state"] : part.init();
    },
    handleCall(request: unknown, from: From<unknown>, state: unknown): unknown {
      log("call", request);
      return part.call?.(request, state, from) ?? ["reply", ["reply", request], state];
    },
    handleCast(request: unknown, state: unknown): unknown {
      log("cast", request);
      return part.cast?.(request, state) ?? ["noreply", state];
    },
    handleInfo(message: unknown, state: unknown): unknown {
      log("info", message);
      return part.info?.(message, state) ?? ["noreply", state];
    },
    handleContinue(term: unknown, state: unknown): unknown {
      log("continue", term);
      return part.continue?.(term, state) ?? ["noreply", state];
    },
    terminate(reason: unknown, state: unknown): unknown {
      log("terminate", reason);
      return part.terminate?.(reason, state);
    },
  };
  // What the callbacks return is the scenario's business, nonsense included.
  return module as ServerModule<unknown>;
}

/** What OTP's start functions return: `["ok", pid]`, `"ignore"` or `["error", reason]`. */
export function* startResult(start: Operation<unknown>): Step<unknown> {
  try {
    return ["ok", yield* start];
  } catch (failure) {
    if (!(failure instanceof StartError)) throw failure;
    return failure.isIgnored ? "ignore" : ["error", failure.reason];
  }
}

/** `"ok"` instead of `["ok", pid]`. */
export function withoutPid(result: unknown): unknown {
  return Array.isArray(result) && result[0] === "ok" ? "ok" : result;
}

/** A server of a kind that answers requests of any kind. */
export type AnyServer = Pid<Request<unknown, unknown>> | Name;

/** Makes a call inside a catch-all: `["ok", reply]`, or class and value. */
export function callCaught(
  caller: AnySelf,
  server: AnyServer,
  request: unknown,
  timeoutMs?: number,
): Step<[string, unknown]> {
  return caught(caller, function* () {
    return yield* call(server, request, timeoutMs === undefined ? {} : { timeoutMs });
  });
}
