// Theme storage: tables.

import { type Pid, Table, type TableAccess } from "@krarup/core";
import { caught, valueOf } from "../stage/exceptions.ts";
import { type Scenarios } from "../stage/lab.ts";
import type { Action } from "../stage/step.ts";

type CountTable = Table<string, number>;

export const tables: Scenarios = {
  *ets_owner_and_heir(lab) {
    const [o, r, h, o2] = [yield* lab.puppet(), yield* lab.puppet(), yield* lab.puppet(), yield* lab.puppet()];
    yield* o.does(() => create("oracle_t1").insert("k", 1));
    lab.log("r", "lookup", yield* r.does(() => rowsOf("oracle_t1")));
    yield* o.exits("boom");
    lab.log("s", "exists", Table.whereis("oracle_t1") !== undefined);
    yield* o2.does(() => create("oracle_t2", h.pid).insert("k", 2));
    yield* lab.exitOf(o2, "boom");
    yield* lab.outcome("h", h);
    lab.log("s", "owner_is_h", ownerOf("oracle_t2") === h.pid);
    lab.log("r", "lookup", yield* r.does(() => rowsOf("oracle_t2")));
    yield* h.does(() => find("oracle_t2").giveAway(r.pid, "present"));
    yield* lab.outcome("r", r);
    lab.log("s", "owner_is_r", ownerOf("oracle_t2") === r.pid);
    yield* r.does(() => find("oracle_t2").deleteTable());
    lab.log("s", "exists", Table.whereis("oracle_t2") !== undefined);
    yield* lab.killSilently(r, h);
  },

  *ets_access_rights(lab) {
    const [o, x] = [yield* lab.puppet(), yield* lab.puppet()];
    const kinds: readonly TableAccess[] = ["private", "protected", "public"];
    yield* o.does(() => {
      for (const access of kinds) Table.create<string, number>({ name: `oracle_${access}`, access }).insert("k", 0);
    });
    for (const access of kinds) {
      const table = find(`oracle_${access}`);
      lab.log("x", access, [
        yield* x.does(() => okOrValue(() => table.lookup("k"))),
        yield* x.does(() => okOrValue(() => table.insert("k", 1))),
      ]);
    }
    const [sameName] = yield* x.does((self) => caught(self, () => create("oracle_public")));
    lab.log("x", "same_name", sameName);
    lab.log("o", "values", yield* o.does(() => kinds.map((access) => find(`oracle_${access}`).lookup("k"))));
    yield* lab.killSilently(o, x);
  },
};

/** A public named table, with an heir if one is given. */
function create(name: string, heir?: Pid<unknown>): CountTable {
  return Table.create({ name, access: "public", ...(heir === undefined ? {} : { heir: { pid: heir, data: "gift" } }) });
}

function find(name: string): CountTable {
  const table = Table.whereis<string, number>(name);
  if (table === undefined) throw new Error(`There is no table ${name}`);
  return table;
}

function ownerOf(name: string): unknown {
  return find(name).info()?.owner;
}

/** What `ets:lookup(Name, k)` returns: a list of tuples. */
function rowsOf(name: string): unknown[] {
  return find(name)
    .matchObject({ key: "k" })
    .map(({ key, value }) => [key, value]);
}

function okOrValue(action: Action<unknown> & (() => unknown)): unknown {
  try {
    action();
    return "ok";
  } catch (exception) {
    return valueOf(exception);
  }
}
