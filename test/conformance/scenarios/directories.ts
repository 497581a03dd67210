// Theme names: process groups and registries.

import { pg, type Pid, Registry, type RegistryPid } from "@krarup/core";
import type { Scenarios } from "../stage/lab.ts";
import type { Puppet } from "../stage/puppet.ts";
import type { Step } from "../stage/step.ts";

const SCOPE = "oracle_scope";

export const directories: Scenarios = {
  *pg_join_leave(lab) {
    const scope = yield* pg.start(SCOPE);
    const [a, b] = [yield* lab.puppet(), yield* lab.puppet()];
    const logCounts = (): void => lab.log("s", "counts", [timesIn("g", a), timesIn("g", b)]);
    lab.log("s", "join", yield* pg.join(SCOPE, "g", a.pid));
    lab.log("s", "members", pg.getMembers(SCOPE, "g"));
    lab.log("s", "join_list", yield* pg.join(SCOPE, "g", [a.pid, b.pid]));
    logCounts();
    lab.log("s", "leave", yield* pg.leave(SCOPE, "g", a.pid));
    logCounts();
    lab.log("s", "leave_twice", [yield* pg.leave(SCOPE, "g", a.pid), yield* pg.leave(SCOPE, "g", a.pid)]);
    lab.log("s", "leave_unknown_group", yield* pg.leave(SCOPE, "nogroup", b.pid));
    lab.log("s", "groups", pg.whichGroups(SCOPE));
    lab.log("s", "leave_list", yield* pg.leave(SCOPE, "g", [b.pid]));
    lab.log("s", "groups", pg.whichGroups(SCOPE));
    lab.log("s", "members", pg.getMembers(SCOPE, "g"));
    yield* lab.killSilently(a, b, scope);
  },

  *reg_unique(lab) {
    const registry = yield* Registry.start<string, unknown>({ keys: "unique" });
    const [a, b] = [yield* lab.puppet(), yield* lab.puppet()];
    lab.log("a", "register", yield* registers(a, registry, "k", "v1"));
    lab.log("b", "register", yield* registers(b, registry, "k", "v2"));
    const logLookup = (key: string): void =>
      lab.log(
        "s",
        "lookup",
        Registry.lookup(registry, key).map(({ pid, value }) => [pid, value]),
      );
    logLookup("k");
    logLookup("nokey");
    for (const [role, puppet] of [
      ["a", a],
      ["b", b],
    ] as const)
      lab.log(role, "update", yield* updates(puppet, registry));
    lab.log("a", "keys", Registry.keys(registry, a.pid).toSorted());
    yield* registers(a, registry, "k2", "w");
    lab.log("a", "keys", Registry.keys(registry, a.pid).toSorted());
    yield* a.does(() => Registry.unregister(registry, "k"));
    lab.log("a", "unregister", "ok");
    logLookup("k");
    lab.log("b", "register", yield* registers(b, registry, "k", "v2"));
    yield* lab.exitOf(a, "boom");
    logLookup("k2");
    lab.log("s", "count", Registry.count(registry));
    yield* lab.killSilently(b);
  },
};

function timesIn(group: string, { pid }: Puppet): number {
  const members: Pid<unknown>[] = pg.getMembers(SCOPE, group);
  return members.filter((member) => member === pid).length;
}

/** Registers, and says what Elixir's `register` returns; true for an ok pair. */
function* registers(
  puppet: Puppet,
  registry: RegistryPid<string, unknown>,
  key: string,
  value: unknown,
): Step<unknown> {
  const result = yield* puppet.does(() => Registry.register(registry, key, value));
  return result.type === "ok" ? true : ["error", [result.type, result.pid]];
}

/** Changes the value of `k`, and says what Elixir's `update_value` returns. */
function* updates(puppet: Puppet, registry: RegistryPid<string, unknown>): Step<unknown> {
  const result = yield* puppet.does(() => Registry.updateValue(registry, "k", (value) => [value, "new"]));
  return result.type === "ok" ? [result.value, result.previous] : "error";
}
