// Plays a random program on the manual platform, ends one process after a chosen slice, and keeps the books.

import {
  type AnyPid,
  call,
  createNode,
  demonitor,
  cancelTimer,
  type Down,
  exit,
  type Exit,
  isAlive,
  link,
  monitor,
  type Node,
  type Operation,
  type Pid,
  register,
  reply,
  type Request,
  type Self,
  send,
  sendAfter,
  setDefaultNode,
  spawnLink,
  spawnMonitor,
  spawnOpt,
  TIMEOUT,
  unlink,
  type Ref,
} from "@krarup/core";
import { manualPlatform } from "@krarup/core/manual";
import { Ledger, type Letter } from "./ledger.ts";
import { type Act, isWait, type Program, type Script, type Step, type Try, type Wait } from "./random-program.ts";

/** Whom to end: after slice `slice`, the process that ran it or another, with what reason. */
export interface Injection {
  readonly slice: number;
  readonly reason: unknown;
  readonly other: boolean;
}

const LONGEST_MS = 10_000;

type Anything = Letter | Request<unknown, unknown> | Down | Exit;
type Timers = { readonly ref: Ref; readonly letter: Letter }[];

/** One performance. */
export class Stage {
  readonly #platform = manualPlatform();
  readonly #node: Node = createNode({ platform: this.#platform, reports: "none" });
  readonly #ledger = new Ledger(this.#node);
  readonly #cast: Pid<Anything>[] = [];
  readonly #async = new Set<AnyPid>();
  #slices = 0;

  constructor(program: Program, injection: Injection | null) {
    setDefaultNode(this.#node);
    this.#node.subscribe(["slice"], (event) => {
      if (event.type === "slice" && this.#slices++ === injection?.slice) this.#inject(event.pid, injection);
    });
    for (const script of program) this.#cast.push(this.#enter(script));
  }

  get slices(): number {
    return this.#slices;
  }

  /** Plays a program without async bodies to its end. @returns what was against the laws */
  play(): readonly string[] {
    while (this.#platform.advanceToNext() && this.#platform.now() < LONGEST_MS);
    return this.#close();
  }

  /** As `play`, for programs with async bodies, whose promises need the event loop. */
  async playAsync(): Promise<readonly string[]> {
    let isDue = true;
    while (isDue && this.#platform.now() < LONGEST_MS) {
      do await new Promise((resolve) => setImmediate(resolve));
      while (this.#platform.settle() > 0);
      isDue = this.#platform.advanceToNext();
    }
    return this.#close();
  }

  #close(): readonly string[] {
    this.#ledger.audit();
    for (const pid of this.#node.whyAlive()) exit(pid, "kill");
    this.#platform.settle();
    this.#ledger.auditEmpty();
    setDefaultNode(null);
    return this.#ledger.faults;
  }

  #inject(ran: AnyPid, { reason, other }: Injection): void {
    const living = this.#node.whyAlive();
    const victim = other || !isAlive(ran) ? living[this.#slices % living.length] : ran;
    if (victim === undefined) return;
    exit(victim, reason);
    if (reason === "kill" && isAlive(victim)) this.#ledger.faults.push(`${String(victim)} survived a kill`);
    this.#ledger.auditTables();
  }

  #enter({ isAsync, steps }: Script): Pid<Anything> {
    return isAsync
      ? spawnOpt((self: Self<Anything>) => this.#runAsync(self, steps), [], { node: this.#node })
      : spawnOpt(this.#body(steps), [], { node: this.#node });
  }

  #body(steps: readonly Step[]) {
    const run = (self: Self<Anything>) => this.#run(self, steps);
    return function* (self: Self<Anything>) {
      yield* run(self);
    };
  }

  *#run(self: Self<Anything>, steps: readonly Step[]) {
    const plan = this.#plan(self, steps, []);
    try {
      for (let next = plan.next(); next.done !== true;) {
        try {
          const value = yield* next.value;
          next = plan.next(value);
        } catch (error) {
          next = plan.throw(error);
        }
      }
    } finally {
      this.#ledger.step(self);
    }
  }

  async #runAsync(self: Self<Anything>, steps: readonly Step[]): Promise<void> {
    this.#async.add(self);
    const plan = this.#plan(self, steps, []);
    for (let next = plan.next(); next.done !== true;) {
      try {
        const value = await next.value;
        this.#ledger.step(self);
        next = plan.next(value);
      } catch (error) {
        next = plan.throw(error);
      }
    }
  }

  /** What a process does, as the operations it waits for. */
  *#plan(self: Self<Anything>, steps: readonly Step[], timers: Timers): Generator<Operation<unknown>, void, unknown> {
    for (const step of steps) {
      this.#step(self);
      if (step.do === "try") yield* this.#tryStep(self, step, timers);
      else if (isWait(step)) yield* this.#wait(self, step);
      else this.#act(self, step, timers);
      this.#step(self);
    }
  }

  *#tryStep(self: Self<Anything>, step: Try, timers: Timers): Generator<Operation<unknown>, void, unknown> {
    try {
      yield* this.#plan(self, step.steps, timers);
    } catch (error) {
      this.#step(self);
      if (!step.catches) throw error;
    } finally {
      this.#step(self);
      yield* this.#plan(self, step.finally, timers);
    }
  }

  #act(self: Self<Anything>, step: Act, timers: Timers): unknown {
    switch (step.do) {
      case "send":
        return send(this.#at(step.to), this.#ledger.letter(this.#at(step.to)));
      case "link":
        return link(this.#at(step.to));
      case "unlink":
        return unlink(this.#at(step.to));
      case "monitor":
        return this.#watch(self, this.#at(step.to));
      case "demonitor":
        return this.#unwatch(self);
      case "trap":
        return self.trapExit(step.on);
      case "register":
        return register(`name ${self.index}`, self);
      case "timer":
        return timers.push(this.#setTimer(this.#at(step.to), step.ms));
      case "cancel":
        return this.#cancel(timers.pop());
      case "signal":
        return exit(this.#at(step.to), step.reason);
      case "exit":
        return exit(step.reason);
      case "throw":
        throw new Error("thrown");
      case "spawn":
        return this.#cast.push(this.#spawn(self, step));
    }
  }

  /** Waits as `step` says. */
  *#wait(self: Self<Anything>, step: Wait): Generator<Operation<unknown>, void, unknown> {
    switch (step.do) {
      case "receive":
        return this.#take(self, yield self.receive().after(step.ms));
      case "select":
        return this.#take(self, yield self.receive({ type: "letter", kind: step.kind }).after(step.ms));
      case "serve":
        return this.#serve(yield self.receive({ type: "$gen_call" }).after(step.ms));
      case "call":
        yield call(this.#at(step.to) as Pid<Request<unknown, unknown>>, step.ms, { timeoutMs: step.ms }); // whether it serves is left to chance
        return;
      case "sleep":
        yield self.sleep(step.ms);
        return;
      case "stay":
        for (;;) this.#take(self, yield self.receive((message: Anything) => message.type !== "$gen_call"));
      case "yield":
        yield self.yield();
    }
  }

  /** A step of a user's code. An async body that ended itself goes on to its next await, as documented. */
  #step(self: Self<Anything>): void {
    if (!this.#async.has(self)) this.#ledger.step(self);
  }

  #at(index: number): Pid<Anything> {
    const pid = this.#cast[index % this.#cast.length];
    if (pid === undefined) throw new Error("the cast is empty");
    return pid;
  }

  #take(self: Self<Anything>, message: unknown): void {
    this.#step(self);
    if (message !== TIMEOUT) this.#ledger.received(self, message);
  }

  #serve(message: unknown): void {
    if (message !== TIMEOUT) reply((message as Request<unknown, unknown>).from, "served"); // the pattern let nothing else through
  }

  #watch(self: Self<Anything>, target: AnyPid): void {
    const wasDead = !isAlive(target);
    this.#ledger.watch(self, target, monitor(target), wasDead);
  }

  #unwatch(self: Self<Anything>): void {
    const ref = this.#ledger.lastWatchOf(self);
    if (ref === undefined) return;
    demonitor(ref);
    this.#ledger.unwatch(ref);
  }

  #setTimer(to: Pid<Anything>, ms: number): Timers[number] {
    const letter = this.#ledger.letter(to);
    return { letter, ref: sendAfter(ms, to, letter) };
  }

  #cancel(timer: Timers[number] | undefined): void {
    if (timer !== undefined && cancelTimer(timer.ref) !== false) this.#ledger.cancelled(timer.letter);
  }

  #spawn(self: Self<Anything>, { how, steps }: Act & { readonly do: "spawn" }): Pid<Anything> {
    const body = this.#body(steps);
    if (how === "alone") return spawnOpt(body, [], { node: this.#node });
    if (how === "linked") return spawnLink(body);
    const [pid, ref] = spawnMonitor(body);
    this.#ledger.watch(self, pid, ref, false);
    return pid;
  }
}
