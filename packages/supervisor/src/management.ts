// How supervisors are asked: the requests and their answers. A child spec holds a function, which does not travel: it is left for the
// supervisor, and a ref of it is sent.

import { type AnyPid, call, type Name, type Operation, type Pid, type Ref, type Request } from "@krarup/core";
import type { ChildId, ChildType } from "./child-spec.ts";
import type { Whereabouts } from "./child-table.ts";

/** What came of starting a child. */
export type StartChildResult<M = never> =
  /** It is running. */
  | { readonly type: "ok"; readonly pid: Pid<M> }
  /** It asked to be left out. */
  | { readonly type: "ignored" }
  /** It did not come up; nothing of it is kept. */
  | { readonly type: "failed"; readonly reason: unknown }
  /** The spec makes no sense; `reason` has OTP's word and the value. */
  | { readonly type: "invalid_child_spec"; readonly reason: unknown };

/** What came of starting a child of a supervisor whose children have ids. */
export type StartNamedChildResult<M = never> =
  | StartChildResult<M>
  /** A child with that id is running. */
  | { readonly type: "already_started"; readonly pid: AnyPid }
  /** A child with that id is known but not running: restart or delete it. */
  | { readonly type: "already_present" };

/** What came of starting a child of a dynamic supervisor. */
export type StartDynamicChildResult<M = never> =
  | StartChildResult<M>
  /** There are as many children as there may be. */
  | { readonly type: "max_children" };

/** What came of restarting a child by hand. */
export type RestartChildResult =
  | { readonly type: "ok"; readonly pid: AnyPid }
  | { readonly type: "ignored" }
  | { readonly type: "failed"; readonly reason: unknown }
  | { readonly type: "running" }
  | { readonly type: "restarting" }
  | { readonly type: "not_found" };

/** A child in a listing. */
export interface ListedChild {
  /** Undefined for a child of a dynamic supervisor. */
  readonly id: ChildId | undefined;
  /** Undefined while it is not running; `"restarting"` while attempts to restart it go on. */
  readonly pid: Whereabouts;
  readonly type: ChildType;
}

/** How many children a supervisor has. */
export interface ChildCount {
  /** Known, running or not. */
  readonly specs: number;
  /** Running. */
  readonly active: number;
  /** Of type `"supervisor"`, running or not. */
  readonly supervisors: number;
  /** Of type `"worker"`, running or not. */
  readonly workers: number;
}

/** What any supervisor can be asked. */
export type AnyRequest =
  | { readonly do: "start_child"; readonly spec: Ref }
  | { readonly do: "which_children" }
  | { readonly do: "count_children" };

/** What a `Supervisor` can be asked. */
export type SupervisorRequest =
  | AnyRequest
  | { readonly do: "terminate_child" | "restart_child" | "delete_child" | "get_child_spec"; readonly id: ChildId };

/** What a `DynamicSupervisor` can be asked. */
export type DynamicSupervisorRequest =
  | AnyRequest
  | { readonly do: "terminate_child" | "get_child_spec"; readonly pid: AnyPid };

/** A running `Supervisor`. */
export type SupervisorPid = Pid<Request<SupervisorRequest, unknown>>;

/** A running `DynamicSupervisor`. */
export type DynamicSupervisorPid = Pid<Request<DynamicSupervisorRequest, unknown>>;

/** Asks a supervisor and waits, however long it takes: it may have to start or end a child first. */
export function ask<Q, R>(supervisor: Pid<Request<Q, unknown>> | Name, request: Q): Operation<R> {
  // Each request has one type of answer; the functions that ask name it.
  return call<Q, unknown>(supervisor, request, { timeoutMs: "infinity" }) as Operation<R>;
}
