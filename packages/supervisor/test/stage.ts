// A node stepped by hand, with a parent that starts supervisors, children that log what happens to them, and words for what is done to them.

import {
  type AnyPid,
  createNode,
  type Exit,
  exit,
  genServer,
  ignore,
  type Node,
  type Operation,
  type Pid,
  refuse,
  type Self,
  self,
  send,
  spawnOpt,
  StartError,
  type Suspension,
} from "@krarup/core";
import { manualPlatform, type ManualOptions, type ManualPlatform } from "@krarup/core/manual";
import {
  type AnyChildSpec,
  type ChildSpec,
  Supervisor,
  type SupervisorPid,
  type SupervisorSpec,
  type Waiting,
} from "@krarup/supervisor";

/** What a logged child does. */
export interface ChildPart extends Partial<Omit<ChildSpec, "id" | "start">> {
  /** How the attempt with this number, counted from 1, goes; default `"up"`. */
  readonly attempt?: (number: number) => "up" | "ignore" | { readonly no: unknown };
  /** Milliseconds that its terminate takes. */
  readonly terminateMs?: number;
}

/** What can be told to a logged child. */
export type Order = { readonly do: "stop" | "exit"; readonly reason: unknown };

type Ordered = Pid<Order>;

interface Signal {
  readonly type: "signal";
  readonly target: AnyPid;
  readonly reason: unknown;
}

/** What came of a start. */
export interface StartAttempt<P> {
  /** Undefined when there is none. */
  readonly pid?: P;
  /** Why there is none. */
  readonly reason?: unknown;
  readonly parent: AnyPid;
}

export class Stage {
  readonly platform: ManualPlatform;
  readonly node: Node;
  /** One line for each thing that happened: `"a init"`, `"a terminate shutdown"`. */
  readonly lines: string[] = [];
  /** Labels of the reports, in order. */
  readonly reports: string[] = [];
  /** EXIT messages that came to the parents. */
  readonly mail: Exit[] = [];
  readonly ends = new Map<AnyPid, unknown>();
  readonly #attempts = new Map<string, number>();
  readonly #parents = new Map<AnyPid, Pid<Signal>>();
  readonly #running = new Map<string, Ordered>();

  constructor(options: ManualOptions = {}) {
    this.platform = manualPlatform(options);
    this.node = createNode({ platform: this.platform, reports: "none" });
    this.node.subscribe(["exit"], (event) => {
      if (event.type === "exit") this.ends.set(event.pid, event.reason);
    });
    this.node.subscribe(["report"], (event) => {
      if (event.type === "report") this.reports.push(event.report.label);
    });
  }

  /** The spec of a child that traps exits and logs. */
  child(id: string, part: ChildPart = {}): ChildSpec<Order> {
    return { id, ...this.anonymous(id, part) };
  }

  /** Several children that are alike, by their ids. */
  children(ids: string, part?: ChildPart): ChildSpec<Order>[] {
    return ids.split(" ").map((id) => this.child(id, part));
  }

  /** As `child`, without an id in the spec. */
  anonymous(id: string, { attempt, terminateMs, ...spec }: ChildPart = {}): AnyChildSpec<Order> {
    const log = (...words: readonly unknown[]): void => this.log(id, ...words);
    const server = genServer({
      init: () => {
        self<Exit>().trapExit();
        log("init");
        const number = this.#count(id);
        const how = attempt?.(number) ?? "up";
        if (how === "ignore") return ignore();
        if (how !== "up") return refuse(how.no);
        this.#running.set(id, self<Order>());
        return {};
      },
      info: (own, message) => {
        // Only orders are sent to these children; an EXIT is the end of a process that nobody has linked.
        const order = message as Order;
        if (order.do === "stop") own.stop(order.reason);
        if (order.do === "exit") exit(order.reason);
      },
      terminate: function* (_own, reason) {
        log("terminate", reason);
        if (terminateMs === undefined) return;
        yield* self().sleep(terminateMs);
        log("terminate_done");
      },
    });
    // A server takes any message; what it does not know goes to info.
    return { start: () => server.startLink() as unknown as Operation<Ordered>, ...spec };
  }

  /** Starts a supervisor in a parent that traps exits and lives on. */
  start(spec: SupervisorSpec): SupervisorPid {
    const { pid, reason } = this.tryStart(() => Supervisor.startLink({ intensity: 10, periodMs: 10_000, ...spec }));
    if (pid === undefined) throw new Error(`not started: ${JSON.stringify(reason)}`);
    return pid;
  }

  /** Starts anything in a parent that traps exits and lives on. */
  tryStart<P extends AnyPid>(start: () => Operation<P>): StartAttempt<P> {
    let outcome: Omit<StartAttempt<P>, "parent"> = { reason: "still starting" };
    const { mail } = this;
    const parent = spawnOpt(
      function* (me: Self<Exit | Signal>) {
        me.trapExit();
        try {
          outcome = { pid: yield* start() };
        } catch (failure) {
          if (!(failure instanceof StartError)) throw failure;
          outcome = { reason: failure.isIgnored ? "ignore" : failure.reason };
        }
        for (;;) {
          const message = yield* me.receive();
          if (message.type === "EXIT") mail.push(message);
          else exit(message.target, message.reason);
        }
      },
      [],
      { node: this.node },
    );
    this.settle();
    const attempt = { ...outcome, parent };
    if (attempt.pid !== undefined) this.#parents.set(attempt.pid, parent);
    return attempt;
  }

  /** What a process of its own gets from `operation`. */
  ask<T>(operation: () => Operation<T> | Waiting<T>): T {
    const answers: T[] = [];
    spawnOpt(
      function* () {
        answers.push(yield* operation());
      },
      [],
      { node: this.node },
    );
    this.settle();
    const [answer] = answers;
    if (answers.length === 0) throw new Error("no answer yet");
    // It has just been pushed.
    return answer as T;
  }

  settle(): void {
    this.platform.settle();
  }

  advance(ms: number): void {
    this.platform.advance(ms);
  }

  /** The running child `id`. */
  pid(id: string): Ordered {
    const pid = this.#running.get(id);
    if (pid === undefined) throw new Error(`no child ${id}`);
    return pid;
  }

  /** Lets `id` stop with `reason`. */
  stop(id: string, reason: unknown): void {
    send(this.pid(id), { do: "stop", reason });
    this.settle();
  }

  /** Lets `id` raise exit `reason`. */
  crash(id: string, reason: unknown = "boom"): void {
    send(this.pid(id), { do: "exit", reason });
    this.settle();
  }

  kill(pid: AnyPid): void {
    exit(pid, "kill");
    this.settle();
  }

  /** Lets the parent of `supervisor` send it an exit signal; runs on until quiet, timers standing still. */
  signalFromParent(supervisor: AnyPid, reason: unknown): void {
    const parent = this.#parents.get(supervisor);
    if (parent === undefined) throw new Error("not started here");
    send(parent, { type: "signal", target: supervisor, reason });
    this.settle();
  }

  log(...words: readonly unknown[]): void {
    this.lines.push(words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" "));
  }

  /** How `pid` ended, or "alive". */
  state(pid: AnyPid): unknown {
    return this.ends.has(pid) ? this.ends.get(pid) : "alive";
  }

  /** The lines since the last call. */
  take(): string[] {
    return this.lines.splice(0);
  }

  /** The children of `supervisor` in start order, as the descriptions of scenarios show them. */
  kids(supervisor: SupervisorPid): string {
    const listed = this.ask(() => Supervisor.whichChildren(supervisor));
    return listed
      .map(({ id, pid }) => `${String(id)}:${pid === undefined || pid === "restarting" ? String(pid) : "pid"}`)
      .toReversed()
      .join(" ");
  }

  #count(id: string): number {
    const number = (this.#attempts.get(id) ?? 0) + 1;
    this.#attempts.set(id, number);
    return number;
  }
}

/** A body that does nothing but wait, trapping nothing. */
export function* idle(me: Self<unknown>): Generator<Suspension, void, void> {
  for (;;) yield* me.receive();
}
