// Theme links, second part: monitors and aliases.

import { alias, type Alias, demonitor, monitor, processInfo, register, send, unalias } from "@krarup/core";
import { drain, type Lab, type Scenarios } from "../stage/lab.ts";
import type { Puppet } from "../stage/puppet.ts";
import type { Step } from "../stage/step.ts";
import { refIn, typeOf } from "../stage/system-messages.ts";

export const monitors: Scenarios = {
  *mon_dead_target(lab) {
    const d = yield* lab.endedProcess();
    const a = yield* lab.puppet();
    yield* a.does(() => monitor(d));
    yield* lab.outcome("a", a);
    yield* a.does(() => [monitor(d), monitor(d)].length);
    yield* lab.settle();
    const messages = yield* a.does(drain);
    lab.log("s", "count", messages.filter((message) => typeOf(message) === "DOWN").length);
    yield* lab.killSilently(a);
  },

  *mon_several_monitors(lab) {
    const [a, b, c] = [yield* lab.puppet(), yield* lab.puppet(), yield* lab.puppet()];
    const refs = yield* a.does(() => [monitor(b.pid), monitor(b.pid), monitor(b.pid)]);
    yield* c.does(() => monitor(b.pid));
    lab.log("s", "distinct", new Set(refs).size === 3);
    yield* lab.exitOf(b, "boom");
    const atA = yield* a.does(drain);
    const heardOf = new Set(atA.filter((message) => typeOf(message) === "DOWN").map(refIn));
    lab.log(
      "a",
      "down",
      refs.map((ref) => heardOf.has(ref)),
    );
    lab.log("a", "count", atA.length);
    lab.log("c", "count", (yield* c.does(drain)).length);
    lab.log("s", "alive", [(yield* a.ended()) === null, (yield* c.ended()) === null]);
    yield* lab.killSilently(a, c);
  },

  *mon_demonitor_variants(lab) {
    for (const when of ["before", "after"] as const) {
      for (const options of [[], ["flush"], ["info"], ["flush", "info"]]) {
        yield* demonitorVariant(lab, when, options);
      }
    }
  },

  *mon_is_one_directional(lab) {
    const w = yield* lab.puppet();
    const t = yield* lab.puppet();
    yield* w.does(() => monitor(t.pid));
    yield* lab.exitOf(w, "watcher_gone");
    yield* lab.outcome("t", t);
    const others = processInfo(t.pid)?.monitoredBy.filter((pid) => pid !== lab.script);
    lab.log("s", "monitored_by", others?.length);
    yield* lab.killSilently(t);
  },

  *mon_by_registered_name(lab) {
    const b = yield* lab.puppet();
    const w = yield* lab.puppet();
    yield* b.does(() => register("oracle_b", b.pid));
    yield* w.does(() => monitor("oracle_b"));
    yield* lab.exitOf(b, "boom");
    yield* lab.outcome("w", w);
    yield* w.does(() => monitor("oracle_b"));
    yield* lab.outcome("w", w);
    yield* lab.killSilently(w);
  },

  *alias_plain(lab) {
    const a = yield* lab.puppet();
    const x = yield* a.does(() => alias<unknown>());
    send(a.pid, "one");
    send(x, "two");
    send(x, "three");
    yield* lab.outcome("a", a);
    lab.log("a", "unalias", yield* a.does(() => unalias(x)));
    send(x, "four");
    send(a.pid, "five");
    yield* lab.outcome("a", a);
    lab.log("a", "unalias", yield* a.does(() => unalias(x)));
    yield* lab.killSilently(a);
    send(x, "six");
    lab.log("s", "sent");
  },

  *alias_monitor_modes(lab) {
    for (const mode of ["explicit_unalias", "demonitor", "reply_demonitor"] as const) {
      const a = yield* lab.puppet();
      const b = yield* lab.puppet();
      const x = yield* a.does(() => monitor<unknown>(b.pid, { alias: mode }));
      lab.log("s", "mode", mode);
      yield* useAlias(lab, a, b, x);
      yield* lab.killSilently(a);
    }
  },
};

function* demonitorVariant(lab: Lab, when: "before" | "after", options: readonly string[]): Step<void> {
  const w = yield* lab.puppet();
  const b = yield* lab.puppet();
  const ref = yield* w.does(() => monitor(b.pid));
  const flags = { flush: options.includes("flush"), info: options.includes("info") };
  if (when === "after") yield* lab.exitOf(b, "boom");
  const answer = yield* w.does(() => demonitor(ref, flags));
  if (when === "before") yield* lab.exitOf(b, "boom");
  lab.log("s", when, options, answer);
  yield* lab.outcome("w", w);
  yield* lab.killSilently(w);
}

/** The five steps through which a monitor that is an alias is taken. */
function* useAlias(lab: Lab, a: Puppet, b: Puppet, x: Alias<unknown>): Step<void> {
  send(x, "one");
  send(x, "two");
  yield* lab.outcome("a", a);
  lab.log("a", "demonitor", yield* a.does(() => demonitor(x, { info: true })));
  send(x, "three");
  yield* lab.outcome("a", a);
  lab.log("a", "unalias", yield* a.does(() => unalias(x)));
  send(x, "four");
  yield* lab.outcome("a", a);
  yield* lab.exitOf(b, "boom");
  yield* lab.outcome("a", a);
}
