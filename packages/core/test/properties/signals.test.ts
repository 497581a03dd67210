// Links, monitors and exit signals against OTP's rules written down naively.

import {
  type AnyPid,
  demonitor,
  type Down,
  exit,
  type Exit,
  isAlive,
  KrarupError,
  link,
  monitor,
  type Pid,
  processInfo,
  type Ref,
  type Self,
  send,
  spawnOpt,
  unlink,
} from "@krarup/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { laboratory, type Laboratory } from "../laboratory.ts";
import { runs } from "./runs.ts";
import { type Command, type Signal, SignalModel } from "./signal-model.ts";

const COUNT = 5;
const who = fc.nat(COUNT - 1);
const reason = fc.constantFrom("normal", "shutdown", "kill", "killed", "noproc", "bad");

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom("link" as const, "monitor" as const), actor: who, target: who }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unlink" as const), actor: who, target: who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("demonitor" as const),
      actor: who,
      monitor: fc.nat(6),
      flush: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("trap" as const), actor: who, on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), actor: who, reason }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("exit" as const), actor: who, target: who, reason }) },
);

type Message = Exit | Down | { readonly type: "command"; readonly command: Command };

/** Five processes that do as they are told and note the signals they receive. */
class Troupe {
  readonly lab: Laboratory = laboratory();
  readonly pids: Pid<Message>[] = [];
  readonly refs: Ref[] = [];
  readonly inboxes: Signal[][] = Array.from({ length: COUNT }, () => []);

  constructor() {
    for (let me = 0; me < COUNT; me++)
      this.pids.push(spawnOpt((self: Self<Message>) => this.#actor(self, me), [], { node: this.lab.node }));
    this.lab.platform.settle();
  }

  tell(next: Command): void {
    const actor = this.pids[next.actor];
    if (actor !== undefined) send(actor, { type: "command", command: next });
    this.lab.platform.settle();
  }

  *#actor(self: Self<Message>, me: number) {
    for (;;) {
      const message = yield* self.receive();
      switch (message.type) {
        case "EXIT":
          this.inboxes[me]?.push({ type: "EXIT", from: this.indexOf(message.pid), reason: nameOf(message.reason) });
          break;
        case "DOWN":
          this.inboxes[me]?.push({
            type: "DOWN",
            monitor: this.refs.indexOf(message.ref),
            reason: nameOf(message.reason),
          });
          break;
        case "command":
          this.#obey(self, message.command);
      }
    }
  }

  #obey(self: Self<Message>, next: Command): void {
    switch (next.do) {
      case "link":
        return void link(this.#at(next.target));
      case "unlink":
        return void unlink(this.#at(next.target));
      case "monitor":
        return void this.refs.push(monitor(this.#at(next.target)));
      case "demonitor": {
        const ref = this.refs[next.monitor];
        if (ref !== undefined && (ref as { watcher?: unknown }).watcher === self) demonitor(ref, { flush: next.flush }); // a monitor knows its watcher
        return;
      }
      case "trap":
        return void self.trapExit(next.on);
      case "leave":
        return exit(next.reason);
      case "exit":
        return void exit(this.#at(next.target), next.reason);
    }
  }

  #at(index: number): Pid<Message> {
    const pid = this.pids[index];
    if (pid === undefined) throw new Error(`no process ${index}`);
    return pid;
  }

  indexOf(pid: AnyPid): number {
    return this.pids.findIndex((other) => other === pid);
  }
}

/** A reason as the model writes it. */
function nameOf(value: unknown): string {
  return value instanceof KrarupError || (value instanceof Error && "reason" in value)
    ? String(value.reason)
    : String(value);
}

function expectSame(troupe: Troupe, model: SignalModel): void {
  const seen = troupe.pids.map((pid, index) => ({
    end: isAlive(pid) ? null : nameOf(troupe.lab.ends.get(pid)),
    links: (processInfo(pid)?.links ?? []).map((peer) => troupe.indexOf(peer)),
    watching: processInfo(pid)?.monitors.length ?? 0,
    inbox: troupe.inboxes[index],
  }));
  const expected = model.processes.map(({ end, links, inbox }, index) => ({
    end,
    links,
    watching: model.monitors.filter((one) => one.watcher === index && one.isActive).length,
    inbox,
  }));
  expect(seen).toEqual(expected);
}

describe("links, monitors and exit signals", () => {
  it("behave as OTP's rules say, whatever the sequence", () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 5, maxLength: 40 }), (commands) => {
        const troupe = new Troupe();
        const model = new SignalModel(COUNT);
        for (const next of commands) {
          troupe.tell(next);
          model.play(next);
          expectSame(troupe, model);
        }
      }),
      runs(1_500),
    );
  });
});
