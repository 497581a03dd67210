// Supervisors and the standard children of scenarios.md.

import { exit, type Operation, type Pid, send, startServer, TIMEOUT, unlink, type AnyPid } from "@krarup/core";
import { type ChildId, type ChildSpec, Supervisor, type SupervisorPid, type SupervisorSpec } from "@krarup/supervisor";
import type { Lab } from "./lab.ts";
import { instrumentedServer, type ServerPart } from "./server.ts";
import type { Step } from "./step.ts";
import { exitReasonIn, isExitOf } from "./system-messages.ts";

/** How a child differs from the standard one. */
export type ChildPart = Partial<Omit<ChildSpec, "id" | "start">> & {
  /** How its server differs. */
  readonly server?: ServerPart;
};

/** The supervisors of one script, which traps exits and is their parent, and their children. */
export class Family {
  readonly #lab: Lab;
  /** Pids of the children as they were started last. */
  readonly #pids = new Map<ChildId, Pid<unknown>>();

  constructor(lab: Lab) {
    this.#lab = lab;
    lab.script.trapExit();
  }

  /** The spec of a standard child. */
  child(id: string, { server = {}, ...spec }: ChildPart = {}): ChildSpec {
    const module = instrumentedServer(this.#lab, id, {
      logs: ["init", "terminate"],
      trapsExits: true,
      info: obey,
      ...server,
    });
    const start = (): Operation<Pid<unknown>> => startServer(module, null, { link: true });
    return { shutdown: 2000, ...spec, id, start: () => this.#rememberStarted(id, start()) };
  }

  /** The specs of standard children. */
  children(...ids: readonly string[]): ChildSpec[] {
    return ids.map((id) => this.child(id));
  }

  /** A supervisor; 10 restarts in 10 s unless told otherwise. */
  start(spec: SupervisorSpec): Operation<SupervisorPid> {
    return Supervisor.startLink({ intensity: 10, periodMs: 10_000, ...spec });
  }

  /** The pid with which the child was started last. */
  pidOf(id: ChildId): Pid<unknown> {
    const pid = this.#pids.get(id);
    if (pid === undefined) throw new Error(`No child ${id} has been started`);
    return pid;
  }

  /** Makes `pid` known as that of a child. */
  remember(id: ChildId, pid: Pid<unknown>): Pid<unknown> {
    this.#pids.set(id, pid);
    return pid;
  }

  /** The child stops with `reason`; settles. */
  *stops(id: ChildId, reason: unknown): Step<void> {
    send(this.pidOf(id), ["stop", reason]);
    yield* this.#lab.settle();
  }

  /** The child raises exit `reason`; settles. */
  *exits(id: ChildId, reason: unknown): Step<void> {
    send(this.pidOf(id), ["exit", reason]);
    yield* this.#lab.settle();
  }

  /** Kills the child; settles. */
  *killed(id: ChildId): Step<void> {
    exit(this.pidOf(id), "kill");
    yield* this.#lab.settle();
  }

  /** Logs the supervisor's children in start order. */
  *logKids(supervisor: SupervisorPid): Step<void> {
    const listed = (yield* Supervisor.whichChildren(supervisor)).toReversed();
    this.#lab.log(
      "s",
      "kids",
      listed.map(({ id, pid }) => [id, typeof pid === "object" ? "pid" : pid]),
    );
  }

  /** Settles, then logs whether the supervisor lives. */
  *logState(supervisor: AnyPid): Step<void> {
    yield* this.#lab.settle();
    const message = yield* this.#lab.script.receive((candidate) => isExitOf(supervisor, candidate)).after(0);
    if (message === TIMEOUT) this.#lab.log("s", "sup", "alive");
    else this.#lab.log("s", "sup", "ended", exitReasonIn(message));
  }

  /** Ends the supervisor and its children without leaving a line. */
  *discard(supervisor: AnyPid): Step<void> {
    unlink(supervisor);
    yield* this.#lab.killSilently(supervisor);
  }

  *#rememberStarted(id: ChildId, start: Operation<Pid<unknown>>): Step<Pid<unknown>> {
    return this.remember(id, yield* start);
  }
}

/** What a standard child does with `["stop", reason]` and `["exit", reason]`. */
function obey(message: unknown, state: unknown): unknown {
  const [order, reason] = Array.isArray(message) ? message : [];
  if (order === "exit") exit(reason);
  return order === "stop" ? ["stop", reason, state] : ["noreply", state];
}
