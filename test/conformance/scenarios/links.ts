// Theme links, first part: links.

import {
  type AnyPid,
  exit,
  link,
  monitor,
  type Pid,
  processInfo,
  send,
  spawnLink,
  TIMEOUT,
  unlink,
} from "@krarup/core";
import { caught } from "../stage/exceptions.ts";
import { drain, type Lab, linkTo, type Scenarios, waitForever } from "../stage/lab.ts";
import type { Puppet } from "../stage/puppet.ts";
import type { AnySelf, Step } from "../stage/step.ts";
import { exitReasonIn, isExitOf } from "../stage/system-messages.ts";

export const links: Scenarios = {
  *link_dead_target(lab) {
    const d = yield* lab.endedProcess();
    for (const [role, trapsExits] of [
      ["a", false],
      ["t", true],
    ] as const) {
      const puppet = yield* lab.puppet({ trapsExits });
      const result = yield* puppet.does((self) => caught(self, () => link(d)));
      lab.log(role, "link", ...result);
      yield* lab.outcome(role, puppet);
      yield* lab.killSilently(puppet);
    }
  },

  *link_noops(lab) {
    const d = yield* lab.endedProcess();
    const a = yield* lab.puppet();
    const stranger = yield* lab.puppet();
    yield* a.does(() => {
      lab.log("a", "link_self", link(a.pid));
      lab.log("a", "unlink_self", unlink(a.pid));
      lab.log("a", "unlink_stranger", unlink(stranger.pid));
      lab.log("a", "unlink_dead", unlink(d));
    });
    lab.logLinks(a);
    yield* lab.outcome("a", a);
    yield* a.does(linkTo(a));
    yield* a.exits("boom");
    yield* lab.outcome("a", a);
  },

  *link_is_symmetric(lab) {
    const [a, b] = yield* trappingPair(lab);
    yield* a.exits("one");
    yield* lab.outcome("b", b);
    const [c, d] = yield* trappingPair(lab);
    yield* d.exits("two");
    yield* lab.outcome("c", c);
    const [e, f] = yield* trappingPair(lab);
    yield* f.does(() => unlink(e.pid));
    yield* lab.settle();
    yield* e.exits("three");
    yield* lab.outcome("f", f);
    yield* lab.killSilently(b, c, f);
  },

  *link_unlink_keeps_delivered_exit(lab) {
    const a = yield* lab.puppet({ trapsExits: true });
    const [b1, b2, b3] = [yield* lab.puppet(), yield* lab.puppet(), yield* lab.puppet()];
    yield* a.does(linkTo(b1));
    yield* lab.exitOf(b1, "boom");
    lab.log("a", "unlink", yield* a.does(() => unlink(b1.pid)));
    yield* lab.outcome("a", a);
    yield* a.does(linkTo(b2));
    yield* lab.exitOf(b2, "bang");
    lab.log("a", "flushed", yield* a.does((self) => unlinkAndFlush(self, b2.pid)));
    yield* lab.outcome("a", a);
    yield* a.does(linkTo(b3));
    yield* a.does(() => unlink(b3.pid));
    yield* lab.exitOf(b3, "late");
    yield* lab.outcome("a", a);
    yield* lab.killSilently(a);
  },

  *link_spawn_link_instant_crash(lab) {
    const p = yield* lab.puppet({ trapsExits: true });
    yield* p.does(function* (self) {
      for (const body of [() => exit("one"), () => undefined, () => exit("kill")]) {
        const child = spawnLink(body);
        const message = yield* self.receive((candidate) => isExitOf(child, candidate));
        lab.log("p", "got", exitReasonIn(message));
      }
    });
    const q = yield* lab.puppet();
    q.begins(function* (self) {
      spawnLink(() => exit("at_once"));
      yield* waitForever(self);
    });
    yield* lab.outcome("q", q);
    yield* lab.outcome("p", p);
    yield* lab.killSilently(p);
  },

  *link_storm_hub_traps(lab) {
    const hub = yield* lab.puppet({ trapsExits: true });
    const children = yield* hub.does(() => numbers(300).map(spawnStormChild));
    for (const child of children) {
      const end = monitor(child);
      send(child, "go");
      yield* lab.script.receive(end);
    }
    yield* lab.settle();
    const reasons = (yield* hub.does(drain)).map(exitReasonIn);
    const isInOrder = reasons.every(
      (reason, index) => Array.isArray(reason) && reason[0] === "child" && reason[1] === index + 1,
    );
    lab.log("hub", "count", reasons.length);
    lab.log("hub", "in_order", isInOrder);
    lab.log("hub", "links", processInfo(hub.pid)?.links.length);
  },

  *link_ring_kill(lab) {
    const ring = yield* lab.puppets(100);
    for (const [index, puppet] of ring.entries()) {
      const next = ring[(index + 1) % ring.length];
      if (next !== undefined) yield* puppet.does(linkTo(next));
    }
    for (const first of ring.slice(0, 1)) exit(first.pid, "kill");
    yield* lab.settle();
    const reasons = yield* endReasons(ring);
    lab.log("s", "reasons", [...new Set(reasons.map(String))].toSorted());
    lab.log("s", "ended", reasons.length);
  },

  *link_and_monitor_order(lab) {
    for (const variant of ["link_first", "monitor_first"]) {
      const a = yield* lab.puppet({ trapsExits: true });
      const b = yield* lab.puppet();
      yield* a.does(() => {
        if (variant === "link_first") link(b.pid);
        monitor(b.pid);
        if (variant === "monitor_first") link(b.pid);
      });
      yield* lab.exitOf(b, "boom");
      lab.log("s", variant);
      yield* lab.outcome("a", a);
      yield* lab.killSilently(a);
    }
  },
};

function* trappingPair(lab: Lab): Step<readonly [Puppet, Puppet]> {
  const first = yield* lab.puppet({ trapsExits: true });
  const second = yield* lab.puppet({ trapsExits: true });
  yield* first.does(linkTo(second));
  return [first, second];
}

function* unlinkAndFlush(self: AnySelf, pid: AnyPid): Step<unknown> {
  unlink(pid);
  const message = yield* self.receive((candidate) => isExitOf(pid, candidate)).after(0);
  return message === TIMEOUT ? "none" : message;
}

function spawnStormChild(number: number): Pid<unknown> {
  return spawnLink(function* (self: AnySelf) {
    yield* self.receive("go");
    exit(["child", number]);
  });
}

function* endReasons(puppets: readonly Puppet[]): Step<unknown[]> {
  const reasons: unknown[] = [];
  for (const puppet of puppets) {
    const end = yield* puppet.ended();
    if (end !== null) reasons.push(end.reason);
  }
  return reasons;
}

/** 1, 2, … `count`. */
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
