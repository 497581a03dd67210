// The outline of a tree. Rows come parents first; whether a line has a younger sister below it is known only from the rows after it, so
// the branches are drawn from the last line to the first.

import type { TreeRow } from "@krarup/observer/client";
import { nameOf, stateLook, stateText } from "./process-text.ts";
import { shortDuration } from "../duration.ts";
import type { Column } from "./table.ts";
import type { Symbols, Terminal } from "./terminal.ts";

/** A line of the picture: a row, or the note that so many more children are not shown. */
export interface TreeLine {
  readonly depth: number;
  readonly branches: string;
  readonly content: TreeRow | number;
}

/** The lines of the picture, with their branches. */
export function treeLines(rows: readonly TreeRow[], symbols: Symbols): TreeLine[] {
  const lines = withNotes(rows);
  /** Whether a line further down hangs on the same branch, by depth. */
  const hasMore: boolean[] = [];
  return lines
    .toReversed()
    .map(({ depth, content }): TreeLine => {
      hasMore.length = Math.min(hasMore.length, depth + 1);
      const stem = Array.from({ length: depth - 1 }, (_, i) =>
        hasMore[i + 1] === true ? symbols.line : symbols.blank,
      );
      const branches = stem.join("") + (hasMore[depth] === true ? symbols.branch : symbols.last);
      hasMore[depth] = true;
      return { depth, branches, content };
    })
    .toReversed();
}

/** The rows, each followed by its descendants and then the note on its hidden children. Everything hangs one deeper, on the node. */
function withNotes(rows: readonly TreeRow[]): { depth: number; content: TreeRow | number }[] {
  const lines: { depth: number; content: TreeRow | number }[] = [];
  const owing: TreeRow[] = [];
  const settle = (depth: number): void => {
    for (let row = owing.at(-1); row !== undefined && row.depth >= depth; row = owing.at(-1)) {
      lines.push({ depth: row.depth + 2, content: row.hiddenChildren });
      owing.pop();
    }
  };
  for (const row of rows) {
    settle(row.depth);
    lines.push({ depth: row.depth + 1, content: row });
    if (row.hiddenChildren > 0) owing.push(row);
  }
  settle(0);
  return lines;
}

/** The columns of the picture. */
export function treeColumns(terminal: Terminal): Column<TreeLine>[] {
  const { symbols } = terminal;
  return [
    {
      title: "PROCESS",
      align: "left",
      isFlexible: true,
      text: ({ branches, content }) => branches + lineName(content, symbols),
    },
    { title: "PID", align: "left", text: ofRow((row) => row.pid ?? "-") },
    { title: "KIND", align: "left", text: ofRow(kindText) },
    {
      title: "STATE",
      align: "left",
      text: ofRow((row) => stateText(row, terminal)),
      look: ({ content }) => (typeof content === "number" ? undefined : stateLook(content)),
    },
    {
      title: "NOTES",
      align: "left",
      text: ofRow((row) => notes(row, symbols)),
      look: () => "yellow",
    },
  ];
}

function ofRow(text: (row: TreeRow) => string): (line: TreeLine) => string {
  return ({ content }) => (typeof content === "number" ? "" : text(content));
}

function lineName(content: TreeRow | number, symbols: Symbols): string {
  if (typeof content === "number") return `${symbols.ellipsis} ${content} more`;
  return content.childId !== null && content.name === null && content.label === null
    ? content.childId
    : nameOf(content);
}

function kindText({ kind, supervisor }: TreeRow): string {
  if (supervisor === null) return kind;
  return `supervisor ${supervisor.strategy}, ${supervisor.intensity} in ${shortDuration(supervisor.periodMs)}`;
}

function notes({ restarts, messageQueueLength }: TreeRow, symbols: Symbols): string {
  const restarted = restarts > 0 ? [`${symbols.restart} ${restarts}`] : [];
  return [...restarted, ...(messageQueueLength > 0 ? [`mailbox ${messageQueueLength}`] : [])].join("  ");
}
