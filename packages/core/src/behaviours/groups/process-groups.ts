// Process groups, OTP's pg: named sets of processes that anybody may look up.
//
// A scope is a process, registered under the scope's name, through which every change goes. Readers look at its table
// directly, as OTP's read a table of the scope: they never wait.

import { dropTagged } from "../../mechanisms/mailbox.ts";
import { call } from "../../kernel/call.ts";
import { currentNode, requireProcess } from "../../kernel/current.ts";
import type { Operation } from "../../kernel/operation.ts";
import { isLiving, recordOf } from "../../kernel/process.ts";
import { KrarupError, show } from "../../values/errors.ts";
import type { AnyPid, Pid } from "../../values/pid.ts";
import type { Ref } from "../../values/ref.ts";
import { GroupScope, type ScopeRequest } from "./process-groups-scope.ts";
import { procedure } from "../procedure.ts";
import { type ServerModule, startServer } from "../server/server-module.ts";

/** What comes to a process that monitors a group or a scope: who joined, or left. */
export interface GroupChange<G = unknown> {
  readonly type: "join" | "leave";
  /** The ref of the monitor; `self.receive(ref)` takes the changes of one monitor only. */
  readonly ref: Ref;
  readonly group: G;
  readonly pids: readonly AnyPid[];
}

/** The scopes of all nodes, by their processes. */
const scopes = new WeakMap<AnyPid, GroupScope>();

/**
 * Starts a scope, linked to this process and registered under its name.
 *
 * @throws {@link StartError} with reason `["already_started", pid]` when the name is taken
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#start_link/1 | pg:start_link/1}. Differs from OTP: there
 * is no default scope
 */
function startLink(scope: string): Operation<AnyPid> {
  return startServer(scopeModule(), null, { name: scope, link: true });
}

/** As `pg.startLink`, on its own. @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#start/1 | pg:start/1} */
function start(scope: string): Operation<AnyPid> {
  return startServer(scopeModule(), null, { name: scope });
}

/**
 * Puts one process, or several, into a group.
 *
 * @remarks
 * A process may join a group several times and must leave as often. When it ends it has left every group. Joining with
 * a process that has ended is undone at once.
 *
 * **Waiting.** Until the scope has done it.
 * **Exits.** As `call`, without a time-out.
 *
 * @param group - any plain value; groups compare by value
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for what is no pid
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#join/3 | pg:join/3}
 */
function join(scope: string, group: unknown, pids: AnyPid | readonly AnyPid[]): Operation<"ok"> {
  return ask(scope, { do: "join", group, pids: listOf(pids) });
}

/**
 * Takes one process, or several, out of a group, once each.
 *
 * @returns `"not_joined"` when none of them was in it
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#leave/3 | pg:leave/3}
 */
function leave(scope: string, group: unknown, pids: AnyPid | readonly AnyPid[]): Operation<"ok" | "not_joined"> {
  return ask(scope, { do: "leave", group, pids: listOf(pids) });
}

/**
 * The members of a group, one that joined twice twice; empty for a group, or a scope, that does not exist. Nobody
 * waits.
 *
 * One that has ended this very moment may still be among them.
 *
 * @typeParam M - messages the members understand: the caller's claim, which nothing checks
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#get_members/2 | pg:get_members/2}
 */
function getMembers<M = never>(scope: string, group: unknown): Pid<M>[] {
  // A process record takes any message; which the members understand is the caller's claim.
  return (scopeNamed(scope)?.membersOf(group) ?? []) as Pid<M>[];
}

/**
 * As `pg.getMembers`, only those on this node.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#get_local_members/2 | pg:get_local_members/2}
 */
function getLocalMembers<M = never>(scope: string, group: unknown): Pid<M>[] {
  const node = currentNode();
  return getMembers<M>(scope, group).filter((pid) => recordOf(pid).node === node);
}

/**
 * The groups of a scope that have members. Nobody waits.
 *
 * @throws {@link KrarupError} `ERR_NOT_REGISTERED` when there is no such scope
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#which_groups/1 | pg:which_groups/1}
 */
function whichGroups(scope: string): unknown[] {
  const found = scopeNamed(scope);
  if (found !== undefined) return found.groups();
  throw new KrarupError(
    "ERR_NOT_REGISTERED",
    `Cannot list groups as there is no scope ${show(scope)}: start it first`,
    scope,
  );
}

/**
 * The members of a group now, and from then on a {@link GroupChange} for each change, of which none is lost or told
 * twice.
 *
 * @returns the ref that the changes carry, and the members
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#monitor/2 | pg:monitor/2}
 */
function monitor(scope: string, group: unknown): Operation<readonly [Ref, AnyPid[]]> {
  return procedure(function* () {
    const subscriber = requireProcess("monitor a group");
    return yield* ask<readonly [Ref, AnyPid[]]>(scope, { do: "monitor", group, subscriber });
  });
}

/**
 * As `pg.monitor`, for every group of a scope.
 *
 * @returns the ref that the changes carry, and the members of each group
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#monitor_scope/1 | pg:monitor_scope/1}
 */
function monitorScope(scope: string): Operation<readonly [Ref, Map<unknown, AnyPid[]>]> {
  return procedure(function* () {
    const subscriber = requireProcess("monitor a scope");
    return yield* ask<readonly [Ref, Map<unknown, AnyPid[]>]>(scope, { do: "monitor_scope", subscriber });
  });
}

/**
 * Ends a `pg.monitor` or `pg.monitorScope`; none of its messages is left.
 *
 * @returns whether there was one
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html#demonitor/2 | pg:demonitor/2}
 */
function demonitor(scope: string, ref: Ref): Operation<boolean> {
  return procedure(function* () {
    const wasThere = yield* ask<boolean>(scope, { do: "demonitor", ref });
    dropTagged(requireProcess("demonitor"), ref);
    return wasThere;
  });
}

function scopeModule(): ServerModule<null, null> {
  return {
    init() {
      const process = requireProcess("start a scope");
      scopes.set(process, new GroupScope());
      return ["ok", null];
    },
    handleCall(request) {
      const own = ownScope();
      return ["reply", own.serve(request as ScopeRequest), null]; // only the functions above ask scopes
    },
    handleInfo(message) {
      if (isDown(message)) ownScope().ended(message.ref);
      return ["noreply", null];
    },
  };
}

function ownScope(): GroupScope {
  const process = requireProcess("serve a scope");
  // `init` has made it.
  return scopes.get(process) as GroupScope;
}

function scopeNamed(name: string): GroupScope | undefined {
  const pid = currentNode().names.whereis(name);
  return pid !== undefined && isLiving(pid) ? scopes.get(pid) : undefined;
}

function ask<R>(scope: string, request: ScopeRequest): Operation<R> {
  return call<ScopeRequest, R>(scope, request, { timeoutMs: "infinity" });
}

function listOf(pids: AnyPid | readonly AnyPid[]): readonly AnyPid[] {
  const list = isList(pids) ? pids : [pids];
  for (const pid of list) recordOf(pid);
  return list;
}

function isList(pids: AnyPid | readonly AnyPid[]): pids is readonly AnyPid[] {
  return Array.isArray(pids);
}

function isDown(message: unknown): message is { readonly ref: Ref } {
  return (
    typeof message === "object" && message !== null && "type" in message && message.type === "DOWN" && "ref" in message
  );
}

/**
 * Process groups: named sets of processes that anybody may look up.
 *
 * @example
 * ```ts
 * import { pg, self, send, spawn, type Self } from "@krarup/core";
 *
 * await pg.start("chat");
 * spawn(function* (me: Self<string>) {
 *   yield* pg.join("chat", "lobby", me);
 *   for (const pid of pg.getMembers<string>("chat", "lobby")) send(pid, "hello");
 *   yield* me.receive(); // => "hello"
 *   pg.whichGroups("chat"); // => ["lobby"]
 *   yield* pg.leave("chat", "lobby", self()); // => "ok"
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/pg.html | pg}
 */
export const pg: {
  readonly start: typeof start;
  readonly startLink: typeof startLink;
  readonly join: typeof join;
  readonly leave: typeof leave;
  readonly getMembers: typeof getMembers;
  readonly getLocalMembers: typeof getLocalMembers;
  readonly whichGroups: typeof whichGroups;
  readonly monitor: typeof monitor;
  readonly monitorScope: typeof monitorScope;
  readonly demonitor: typeof demonitor;
} = { start, startLink, join, leave, getMembers, getLocalMembers, whichGroups, monitor, monitorScope, demonitor };
