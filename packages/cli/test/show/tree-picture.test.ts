import type { TreeRow } from "@krarup/observer/client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { treeLines } from "../../src/show/tree-picture.ts";

const SYMBOLS = { branch: "├─ ", last: "└─ ", line: "│  ", blank: "   ", restart: "↻", arrow: "→", ellipsis: "…" };

function row(depth: number, name: string, hiddenChildren = 0): TreeRow {
  return {
    depth,
    pid: `<0.${name}.0>`,
    childId: null,
    name,
    label: null,
    initialCall: "body",
    kind: "process",
    status: "waiting",
    waitingFor: "message",
    messageQueueLength: 0,
    restarts: 0,
    supervisor: null,
    hiddenChildren,
  };
}

function picture(rows: readonly TreeRow[]): string[] {
  return treeLines(rows, SYMBOLS).map(
    ({ branches, content }) => branches + (typeof content === "number" ? `and ${content}` : (content.name ?? "")),
  );
}

/** Columns where what goes on downwards meets nothing below, or what ends meets something. */
function brokenBranches(line: string, below: string): number[] {
  const isBranch = (symbol: string | undefined): boolean => symbol !== undefined && "├│└".includes(symbol);
  return line.split("").flatMap((symbol, column) => {
    const isBroken = symbol === "└" ? isBranch(below[column]) : isBranch(symbol) && !isBranch(below[column]);
    return isBroken ? [column] : [];
  });
}

describe("treeLines", () => {
  it("draws an outline", () => {
    expect(
      picture([row(0, "a"), row(1, "b"), row(2, "c"), row(2, "d"), row(1, "e"), row(0, "f"), row(1, "g")]),
    ).toEqual(["├─ a", "│  ├─ b", "│  │  ├─ c", "│  │  └─ d", "│  └─ e", "└─ f", "   └─ g"]);
  });

  it("notes hidden children behind the shown ones, at their depth", () => {
    expect(picture([row(0, "a", 7), row(1, "b", 1), row(2, "c"), row(0, "d")])).toEqual([
      "├─ a",
      "│  ├─ b",
      "│  │  ├─ c",
      "│  │  └─ and 1",
      "│  └─ and 7",
      "└─ d",
    ]);
  });

  it("ends every branch with its last line", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { maxLength: 40 }), (steps) => {
        let depth = -1;
        const rows = steps.map((step, i) => row((depth = Math.min(depth + 1, step)), String(i)));
        const lines = picture(rows);
        expect(lines.flatMap((line, i) => brokenBranches(line, lines[i + 1] ?? ""))).toEqual([]);
      }),
    );
  });
});
