import { spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import type { CheckedChildSpec } from "../src/child-spec.ts";
import { ChildTable } from "../src/child-table.ts";
import { idle, Stage } from "./stage.ts";

function spec(id: string, restart: CheckedChildSpec["restart"] = "permanent"): CheckedChildSpec {
  const start = () => spawn(idle);
  return { id, start, restart, shutdown: 1, type: "worker", significant: false, backOff: undefined };
}

describe("ChildTable", () => {
  it("keeps the start order, whatever is restarted or removed", () => {
    const table = new ChildTable();
    const [a, b] = ["a", "b", "c"].map((id) => table.add(spec(id)));
    if (a === undefined || b === undefined) throw new Error("unreachable");
    table.place(a, "restarting");
    table.remove(b);
    table.add(spec("d"));
    expect([...table].map((child) => child.spec.id)).toEqual(["a", "c", "d"]);
  });

  it("finds a running child by its pid, and by no pid that it had", () => {
    const stage = new Stage();
    const [first, second] = stage.ask(function* () {
      yield* [];
      return [spawn(idle), spawn(idle)] as const;
    });
    const table = new ChildTable();
    const child = table.add(spec("a"));
    table.place(child, first);
    table.place(child, second);
    expect([table.findRunning(first), table.findRunning(second)]).toEqual([undefined, child]);
    table.retire(child);
    expect(table.findRunning(second)).toBeUndefined();
  });

  it("forgets a temporary child that has ended, and keeps the others", () => {
    const table = new ChildTable();
    for (const child of [table.add(spec("p")), table.add(spec("t", "temporary"))]) table.retire(child);
    expect([table.find("p")?.pid, table.find("t")]).toEqual([undefined, undefined]);
    expect([...table].map((child) => child.spec.id)).toEqual(["p"]);
  });
});
