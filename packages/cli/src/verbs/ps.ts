// krarup ps: the processes of a node.

import type { ProcessRow, SortKey } from "@krarup/observer/client";
import { attached } from "../attach.ts";
import { shortDuration } from "../duration.ts";
import { nameOf, stateLook, stateText, typed } from "../show/process-text.ts";
import { type Column, tableLines } from "../show/table.ts";
import type { Terminal } from "../show/terminal.ts";

/** What to list. */
export interface PsOptions {
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly limit: number;
}

/** Lists processes. */
export async function ps(terminal: Terminal, options: PsOptions): Promise<void> {
  const answer = await attached(terminal.settings, (client) => client.request("processes", { ...options }));
  const { rows, total } = answer;
  if (terminal.settings.isJson) terminal.document("ps", answer, rows);
  else terminal.lines(tableLines(columns(terminal), rows, terminal));
  if (rows.length < total) terminal.talk(`${rows.length} of ${total} processes; more with --limit`);
  const [first] = rows;
  if (first !== undefined) terminal.hint(`krarup info ${typed(first)}`);
}

function columns(terminal: Terminal): Column<ProcessRow>[] {
  return [
    { title: "PID", align: "left", text: (row) => row.pid },
    {
      title: "NAME / LABEL",
      align: "left",
      isFlexible: true,
      text: nameOf,
      look: (row) => (row.name === null ? undefined : "bold"),
    },
    { title: "STATE", align: "left", text: (row) => stateText(row, terminal), look: stateLook },
    {
      title: "MAILBOX",
      align: "right",
      text: (row) => String(row.messageQueueLength),
      look: (row) => (row.messageQueueLength > 0 ? "yellow" : undefined),
    },
    { title: "RECEIVED", align: "right", text: (row) => String(row.received) },
    { title: "REDUCTIONS", align: "right", text: (row) => String(row.reductions) },
    { title: "LINKS", align: "right", text: (row) => String(row.linkCount) },
    { title: "AGE", align: "right", text: (row) => shortDuration(row.ageMs) },
  ];
}
