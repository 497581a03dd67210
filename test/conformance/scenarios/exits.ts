// Theme exits: how a process ends, and what its end does to those it is linked to.

import { type AnyPid, exit, link, send, spawnMonitor, waitingMessages } from "@krarup/core";
import { raiseError, throwValue, valueOf } from "../stage/exceptions.ts";
import { type Lab, linkTo, type Scenarios, waitForever } from "../stage/lab.ts";
import type { Puppet } from "../stage/puppet.ts";
import { type AnySelf, perform, type Step } from "../stage/step.ts";

export const exits: Scenarios = {
  *exit_link_matrix(lab) {
    const reasons = ["normal", "shutdown", ["shutdown", "x"], "boom", "kill", "killed", "noproc"];
    for (const trapsExits of [false, true]) {
      for (const reason of reasons) {
        const a = yield* lab.puppet({ trapsExits });
        const b = yield* lab.puppet();
        yield* a.does(linkTo(b));
        yield* lab.exitOf(b, reason);
        lab.log("s", "case", trapsExits, reason);
        yield* lab.outcome("a", a);
        yield* lab.killSilently(a);
      }
    }
  },

  *exit_self_signal_matrix(lab) {
    for (const trapsExits of [false, true]) {
      for (const reason of ["normal", "shutdown", "boom", "kill", "killed"]) {
        const a = yield* lab.puppet({ trapsExits });
        lab.log("s", "case", trapsExits, reason);
        yield* a.tries((self) => signalSelf(lab, self, reason));
        yield* lab.outcome("a", a);
        yield* lab.killSilently(a);
      }
    }
  },

  *exit_ways_to_end(lab) {
    const [, ref] = spawnMonitor(() => undefined);
    const down = yield* lab.script.receive({ type: "DOWN", ref });
    lab.log("s", "return", reasonIn(down));
    for (const [way, end] of WAYS_TO_END) {
      const puppet = yield* lab.puppet();
      yield* perform<void | true>(lab.script, () => end(puppet));
      yield* lab.settle();
      lab.log("s", way, (yield* puppet.ended())?.reason);
    }
  },

  *exit_kill_chain(lab) {
    yield* killChain(lab, "signal", (last) => void exit(last.pid, "kill"));
    yield* killChain(lab, "raise", (last) => last.begins(() => exit("kill")));
  },

  *exit_cascade_stops_at_trap(lab) {
    const a = yield* lab.puppet();
    const b = yield* lab.puppet();
    const t = yield* lab.puppet({ trapsExits: true });
    const c = yield* lab.puppet();
    yield* a.does(linkTo(b));
    yield* b.does(linkTo(t));
    yield* t.does(linkTo(c));
    yield* lab.exitOf(a, ["why", 1]);
    yield* lab.outcome("a", a);
    yield* lab.outcome("b", b);
    yield* lab.outcome("t", t);
    yield* lab.outcome("c", c);
  },

  *exit_cleanup_blocks(lab) {
    for (const way of ["raise", "signal", "kill"] as const) {
      const b = yield* lab.puppet();
      lab.log("s", "case", way);
      b.begins((self) => leaveBlock(lab, self, way));
      yield* lab.settle();
      if (way !== "raise") exit(b.pid, way === "signal" ? "boom" : "kill");
      yield* lab.outcome("b", b);
    }
  },

  *exit_while_blocked_in_receive(lab) {
    const a = yield* lab.puppet();
    a.begins(function* (self) {
      yield* self.receive("never");
      lab.log("a", "impossible");
    });
    for (const message of ["x", "y", "z"]) send(a.pid, message);
    yield* lab.settle();
    lab.log("s", "queued", waitingMessages(a.pid)?.length);
    exit(a.pid, "boom");
    yield* lab.outcome("a", a);
    send(a.pid, "never");
    lab.log("s", "sent");
  },

  *exit_signals_ordered_with_messages_trap(lab) {
    const a = yield* lab.puppet({ trapsExits: true });
    const b = yield* lab.puppet();
    yield* b.does(() => {
      send(a.pid, "m1");
      send(a.pid, "m2");
      exit(a.pid, "boom");
      send(a.pid, "m3");
      exit(a.pid, "normal");
      send(a.pid, "m4");
    });
    yield* lab.outcome("a", a);
  },

  *exit_first_signal_wins(lab) {
    for (const reasons of [
      ["first", "second", "kill"],
      ["kill", "first"],
    ]) {
      const a = yield* lab.puppet();
      const b = yield* lab.puppet();
      yield* b.does(() => {
        for (const reason of reasons) exit(a.pid, reason);
      });
      yield* lab.outcome("a", a);
    }
  },

  *exit_forged_exit_message(lab) {
    const a = yield* lab.puppet();
    const b = yield* lab.puppet();
    yield* a.does(linkTo(b));
    const pid: AnyPid = b.pid;
    send(a.pid, { type: "EXIT", pid, reason: "boom" });
    yield* lab.outcome("a", a);
    yield* lab.exitOf(b, "real");
    yield* lab.outcome("a", a);
  },

  *exit_explicit_signal_keeps_link(lab) {
    for (const trapsExits of [false, true]) {
      const a = yield* lab.puppet({ trapsExits });
      const b = yield* lab.puppet();
      yield* a.does(() => link(b.pid));
      yield* b.does(() => exit(a.pid, "normal"));
      yield* lab.outcome("a", a);
      lab.logLinks(a);
      yield* lab.exitOf(b, "boom");
      yield* lab.outcome("a", a);
      if (trapsExits) lab.logLinks(a);
      yield* lab.killSilently(a);
    }
  },
};

function* signalSelf(lab: Lab, self: AnySelf, reason: unknown): Step<void> {
  try {
    lab.log("a", "continued", yield* self.signal(reason));
  } catch (exception) {
    lab.log("a", "caught", valueOf(exception));
  }
}

const WAYS_TO_END: readonly (readonly [string, (puppet: Puppet) => Step<void> | true])[] = [
  ["exit_normal", (puppet) => puppet.exits("normal")],
  ["exit_shutdown", (puppet) => puppet.exits("shutdown")],
  ["exit_shutdown_tuple", (puppet) => puppet.exits(["shutdown", [1, 2]])],
  ["exit_kill", (puppet) => puppet.exits("kill")],
  ["exit_nested", (puppet) => puppet.exits(["a", ["b", ["c", 1]]])],
  ["error", (puppet) => puppet.tries(() => raiseError("boom"))],
  ["throw", (puppet) => puppet.tries(() => throwValue("ball"))],
  ["signal_kill", (puppet) => exit(puppet.pid, "kill")],
  ["signal_killed", (puppet) => exit(puppet.pid, "killed")],
];

function reasonIn(down: unknown): unknown {
  return typeof down === "object" && down !== null && "reason" in down ? down.reason : undefined;
}

function* killChain(lab: Lab, variant: string, start: (last: Puppet) => void): Step<void> {
  const chain = yield* lab.puppets(4);
  const t = yield* lab.puppet({ trapsExits: true });
  for (const [index, puppet] of chain.entries()) {
    const next = chain[index + 1];
    if (next === undefined) continue;
    yield* puppet.does(linkTo(next));
  }
  const [first, , , last] = chain;
  if (first === undefined || last === undefined) throw new Error("Four puppets were made");
  yield* t.does(linkTo(first));
  start(last);
  yield* lab.settle();
  const reasons: unknown[] = [];
  for (const puppet of chain) reasons.push((yield* puppet.ended())?.reason);
  lab.log("s", variant, reasons);
  yield* lab.outcome("t", t);
  yield* lab.killSilently(t);
}

function* leaveBlock(lab: Lab, self: AnySelf, way: "raise" | "signal" | "kill"): Step<void> {
  try {
    lab.log("b", "inside");
    if (way === "raise") exit("boom");
    yield* waitForever(self);
  } catch (exception) {
    lab.log("b", "handler", valueOf(exception));
  } finally {
    lab.log("b", "cleanup");
  }
}
