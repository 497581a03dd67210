import {
  AnyTable,
  type Down,
  exit,
  type Exit,
  link,
  monitor,
  type Pid,
  type Self,
  spawn,
  Table,
  type TableOptions,
  type TableTransfer,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { codeOf, idle, type Laboratory, laboratory } from "../../laboratory.ts";

type CountTable = Table<string, number>;

/** A process that makes a table with k = 0 and waits. */
function owner(
  { run }: Laboratory,
  options: TableOptions = {},
): { readonly pid: Pid<unknown>; readonly table: CountTable } {
  const made: CountTable[] = [];
  const pid = run(function* (self: Self<unknown>) {
    const table = Table.create<string, number>(options);
    table.insert("k", 0);
    made.push(table);
    yield* idle(self);
  });
  const [table] = made;
  if (table === undefined) throw new Error("no table was made");
  return { pid, table };
}

/** The code with which `act` fails in a process of its own, or what it returns. */
function elsewhere(lab: Laboratory, act: () => unknown): unknown {
  return lab.play(function* () {
    let result: unknown;
    const code = codeOf(() => {
      result = act();
    });
    return code ?? result;
  });
}

describe("access", () => {
  const REFUSED = "ERR_BAD_ARGUMENT";
  it.each([
    //            lookup   insert   rename   giveAway setHeir  deleteTable
    ["private", REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED],
    ["protected", 0, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED],
    ["public", 0, true, "n", REFUSED, REFUSED, true],
  ] as const)("of others to a %s table", (access, ...expected) => {
    const lab = laboratory();
    const { table } = owner(lab, { access, name: "t" });
    const acts: readonly ((other: Pid<unknown>) => unknown)[] = [
      () => table.lookup("k"),
      () => table.insert("k", 1),
      () => table.rename("n"),
      (other) => table.giveAway(other, 0),
      (other) => table.setHeir({ pid: other, data: 0 }),
      () => table.deleteTable(),
    ];
    const other = lab.run(idle);
    expect(acts.map((act) => elsewhere(lab, () => act(other)))).toEqual(expected);
  });

  it("outside all processes is that of others", () => {
    const lab = laboratory();
    expect(owner(lab).table.lookup("k")).toBe(0);
    expect(codeOf(() => owner(lab, { access: "private" }).table.lookup("k"))).toBe("ERR_BAD_ARGUMENT");
  });

  it("of its owner has no bounds", () => {
    expect(
      laboratory().play(function* () {
        const table = Table.create<string, number>({ access: "private" });
        table.insert("k", 1);
        return table.lookup("k");
      }),
    ).toBe(1);
  });

  it("to a deleted table is refused to all", () => {
    const lab = laboratory();
    const { table } = owner(lab, { access: "public" });
    elsewhere(lab, () => table.deleteTable());
    expect(
      [() => table.lookup("k"), () => table.insert("k", 1), () => table.deleteTable(), () => table.tab2list()].map(
        (act) => elsewhere(lab, act),
      ),
    ).toEqual(Array.from({ length: 4 }, () => "ERR_BAD_ARGUMENT"));
    expect(table.info()).toBeUndefined();
  });
});

describe("the end of the owner", () => {
  it("deletes the table before a link or a monitor tells of it", () => {
    const log: unknown[] = [];
    const lab = laboratory();
    lab.play(function* (self: Self<Exit | Down>) {
      self.trapExit();
      const pid = spawn(function* (inner: Self<unknown>) {
        Table.create({ name: "t" });
        yield* idle(inner);
      });
      link(pid);
      monitor(pid);
      yield* self.yield();
      log.push(Table.whereis("t") !== undefined);
      exit(pid, "kill");
      for (let i = 0; i < 2; i++) log.push((yield* self.receive()).type, Table.whereis("t") !== undefined);
    });
    expect(log).toEqual([true, "EXIT", false, "DOWN", false]);
  });

  it("frees its name for the next", () => {
    const lab = laboratory();
    const { pid } = owner(lab, { name: "t" });
    expect(elsewhere(lab, () => Table.create({ name: "t" }))).toBe("ERR_NAME_TAKEN");
    exit(pid, "kill");
    expect(elsewhere(lab, () => Table.create({ name: "t" }).name)).toBe("t");
  });

  it("hands the table to the heir, with a message that comes before the DOWN", () => {
    const lab = laboratory();
    const messages: unknown[] = [];
    const heir = lab.run(function* (self: Self<unknown>) {
      for (;;) messages.push(yield* self.receive());
    });
    const { pid, table } = owner(lab, { heir: { pid: heir, data: { why: "gift" } } });
    exit(pid, "kill");
    lab.platform.settle();
    expect(messages).toEqual([{ type: "ETS-TRANSFER", table, from: pid, data: { why: "gift" } }]);
    expect([table.info()?.owner === heir, table.info()?.heir === heir, table.info()?.size]).toEqual([true, true, 1]);
    exit(heir, "kill");
    expect(table.info()).toBeUndefined();
  });

  it.each(["dead", "itself", "none"] as const)("deletes the table when the heir is %s", (which) => {
    const lab = laboratory();
    const dead = lab.run(function* () {});
    let table: CountTable | null = null;
    lab.run(function* (self: Self<unknown>) {
      const heirs = { dead: { pid: dead, data: 0 }, itself: { pid: self, data: 0 }, none: "none" } as const;
      table = Table.create<string, number>();
      table.setHeir(heirs[which]);
    });
    expect((table as CountTable | null)?.info()).toBeUndefined(); // the process has written it
  });
});

describe("giveAway", () => {
  it("makes the receiver the owner and tells it; the end of the giver changes nothing", () => {
    const lab = laboratory();
    const messages: unknown[] = [];
    const receiver = lab.run(function* (self: Self<TableTransfer<CountTable>>) {
      const message = yield* self.receive();
      message.table.insert("k", 5);
      messages.push(message);
      yield* self.receive();
    });
    const giver = lab.run(function* () {
      const table = Table.create<string, number>();
      table.giveAway(receiver, "here");
      expect(codeOf(() => table.insert("k", 1))).toBe("ERR_BAD_ARGUMENT");
    });
    const [transfer] = messages as [TableTransfer<CountTable>]; // the receiver has put it there
    expect([transfer.type, transfer.from === giver, transfer.data]).toEqual(["ETS-TRANSFER", true, "here"]);
    expect(transfer.table.lookup("k")).toBe(5);
    exit(receiver, "kill");
    expect(transfer.table.info()).toBeUndefined();
  });

  it("is refused for oneself and for the dead", () => {
    const lab = laboratory();
    const dead = lab.run(function* () {});
    lab.play(function* (self: Self<unknown>) {
      const table = Table.create();
      expect([codeOf(() => table.giveAway(dead, 0)), codeOf(() => table.giveAway(self, 0))]).toEqual([
        "ERR_BAD_ARGUMENT",
        "ERR_BAD_ARGUMENT",
      ]);
    });
  });
});

describe("names", () => {
  it("find the table, follow a rename, and are told in info", () => {
    laboratory().play(function* () {
      const table = Table.create({ name: "a" });
      Table.create({ name: "taken" });
      expect(codeOf(() => table.rename("taken"))).toBe("ERR_NAME_TAKEN");
      expect([table.rename("b"), table.rename("b")]).toEqual(["b", "b"]);
      expect([Table.whereis("a"), Table.whereis("b"), table.info()?.name, String(table)]).toEqual([
        undefined,
        table,
        "b",
        "b",
      ]);
    });
  });

  it("are free again after deleteTable", () => {
    laboratory().play(function* () {
      Table.create({ name: "a" }).deleteTable();
      expect(Table.whereis("a")).toBeUndefined();
    });
  });

  it("are non-empty strings, and a table without one gets none later", () => {
    laboratory().play(function* () {
      expect([codeOf(() => Table.create({ name: "" })), codeOf(() => Table.create({ name: "undefined" }))]).toEqual([
        "ERR_BAD_ARGUMENT",
        "ERR_BAD_ARGUMENT",
      ]);
      expect(codeOf(() => Table.create().rename("x"))).toBe("ERR_BAD_ARGUMENT");
    });
  });
});

describe("a table", () => {
  it("travels in messages as itself", () => {
    const lab = laboratory();
    const seen: unknown[] = [];
    lab.run(function* (self: Self<unknown>) {
      const table = Table.create<string, number>();
      table.insert("k", 1);
      spawn(function* (_self: Self, given: CountTable) {
        seen.push(given === table, given.lookup("k"));
      }, table);
      yield* idle(self);
    });
    expect(seen).toEqual([true, 1]);
  });

  it("is listed while it exists", () => {
    laboratory().play(function* () {
      const [first, second] = [Table.create(), Table.create()];
      first.deleteTable();
      expect(AnyTable.all()).toEqual([second]);
    });
  });

  it("needs a process", () => {
    expect(codeOf(() => Table.create())).toBe("ERR_NOT_IN_PROCESS");
  });
});
