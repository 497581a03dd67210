// What a script works with. The words are those of scenarios.md.

import {
  type AnyPid,
  exit,
  link,
  monitor,
  type Node,
  type Pid,
  processInfo,
  type Ref,
  spawn,
  TIMEOUT,
} from "@krarup/core";
import type { Pace } from "./pace.ts";
import { Puppet, type PuppetOptions } from "./puppet.ts";
import type { Action, AnySelf, Step } from "./step.ts";
import { exitReasonIn } from "./system-messages.ts";

/** A program over processes, run by a process of its own. */
export type Scenario = (lab: Lab) => Step<void>;

/** Scenarios by name. */
export type Scenarios = Readonly<Record<string, Scenario>>;

/** The stage of one scenario. */
export class Lab {
  /** The script's own process. */
  readonly script: AnySelf;
  readonly node: Node;
  readonly #pace: Pace;
  readonly #lines: unknown[][];
  #isMuted = false;

  constructor(node: Node, script: AnySelf, pace: Pace, lines: unknown[][]) {
    this.node = node;
    this.script = script;
    this.#pace = pace;
    this.#lines = lines;
  }

  /** Appends a line to the trace, at once. */
  log(...line: readonly unknown[]): void {
    if (!this.#isMuted) this.#lines.push([...line]);
  }

  /** Waits until the system is quiet. Timers do not fire. */
  settle(): Step<void> {
    return this.#pace.settle();
  }

  /** Lets `ms` milliseconds of virtual time pass. */
  sleep(ms: number): Step<void> {
    return this.#pace.sleep(ms);
  }

  puppet(options: PuppetOptions = {}): Step<Puppet> {
    return Puppet.make(this.script, options);
  }

  /** Several plain puppets. */
  *puppets(count: number): Step<Puppet[]> {
    const made: Puppet[] = [];
    while (made.length < count) made.push(yield* this.puppet());
    return made;
  }

  /** A process that has returned normally and is known to be gone. */
  *endedProcess(): Step<Pid<unknown>> {
    const pid = spawn<unknown>(() => undefined);
    yield* this.script.receive(monitor(pid));
    return pid;
  }

  /** Settles, then logs whether the puppet lives, with its messages, or with which reason it ended. */
  *outcome(role: string, puppet: Puppet): Step<void> {
    yield* this.settle();
    const end = yield* puppet.ended();
    if (end !== null) this.log(role, "dead", end.reason);
    else this.log(role, "alive", yield* puppet.does(drain));
  }

  /** `puppet` raises exit `reason`; settles. */
  *exitOf(puppet: Puppet, reason: unknown): Step<void> {
    yield* puppet.exits(reason);
    yield* this.settle();
  }

  /** Logs how many links the puppet has. */
  logLinks(puppet: Puppet): void {
    this.log("s", "links", processInfo(puppet.pid)?.links.length);
  }

  /** The reason in the DOWN of one of the script's monitors; undefined while the process lives. */
  *endReason(life: Ref): Step<unknown> {
    return exitReasonIn(yield* this.script.receive(life).after(0));
  }

  /** Ends the processes without leaving a line. */
  *killSilently(...processes: readonly (Puppet | AnyPid)[]): Step<void> {
    this.#isMuted = true;
    for (const process of processes) exit(process instanceof Puppet ? process.pid : process, "kill");
    yield* this.settle();
    this.#isMuted = false;
  }
}

/** Takes every message out of the mailbox, in order. */
export function* drain(self: AnySelf): Step<unknown[]> {
  const messages: unknown[] = [];
  for (;;) {
    const message = yield* self.receive().after(0);
    if (message === TIMEOUT) return messages;
    messages.push(message);
  }
}

/** The action of linking to `target`. */
export function linkTo(target: Puppet): Action<true> {
  return () => link(target.pid);
}

/** The action of waiting for a message that never comes. */
export function* waitForever(self: AnySelf): Step<void> {
  yield* self.receive("a message that nobody sends");
}
