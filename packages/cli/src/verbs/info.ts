// krarup info: everything about one process.

import type { ProcessDetails } from "@krarup/observer/client";
import { attached } from "../attach.ts";
import { shortDuration } from "../duration.ts";
import { nameOf, stateText, typed } from "../show/process-text.ts";
import { printable } from "../show/printable.ts";
import type { Terminal } from "../show/terminal.ts";

/** Shows one process. */
export async function info(terminal: Terminal, process: string): Promise<void> {
  const answer = await attached(terminal.settings, (client) => client.request("info", { process }));
  if (terminal.settings.isJson) return terminal.document("info", answer, answer.rows);
  for (const row of answer.rows) {
    terminal.lines(infoLines(row, terminal));
    terminal.hint(`krarup kill ${typed(row)}`);
  }
}

function infoLines(row: ProcessDetails, terminal: Terminal): string[] {
  const title = terminal.paint("bold", printable(nameOf(row)));
  const head = [
    row.pid,
    stateText(row, terminal),
    shortDuration(row.ageMs),
    ...(row.supervisor === null ? [] : ["supervisor"]),
  ];
  return [
    `${title}  ${head.map(printable).join("  ")}`,
    ...sections(row).map(([name, text]) => `${name.padEnd(12)}${printable(text)}`),
  ];
}

/** Name and text of each line; empty ones are left out. */
function sections(row: ProcessDetails): [name: string, text: string][] {
  const all: [string, string][] = [
    ["meta", meta(row)],
    ["ancestors", row.ancestors.join(" < ")],
    ["links", counted(row.links, row.linkCount)],
    ["monitors", counted(row.monitors, row.monitorCount)],
    ["watched by", counted(row.monitoredBy, row.monitoredByCount)],
    [
      "work",
      `${row.reductions} reductions, ${row.received} messages received, ${row.dropped} dropped, ${row.timers} timers`,
    ],
    ["supervises", supervises(row)],
    ["mailbox", `${row.messageQueueLength} waiting`],
  ];
  const messages = row.messages.map((message, i): [string, string] => [`  ${i + 1}`, message]);
  const dictionary = Object.entries(row.dictionary).map(([key, value]): [string, string] => [
    "dictionary",
    `${key} = ${value}`,
  ]);
  return [...all.filter(([, text]) => text !== ""), ...messages, ...dictionary];
}

function meta(row: ProcessDetails): string {
  const parts = [`runs ${row.initialCall}`, `parent ${row.parent ?? "none"}`, `priority ${row.priority}`];
  if (row.label !== null) parts.unshift(`label ${row.label}`);
  if (row.trapExit) parts.push("traps exits");
  return parts.join(", ");
}

function counted(pids: readonly string[], count: number): string {
  return count > pids.length ? `${pids.join(" ")} and ${count - pids.length} more` : pids.join(" ");
}

function supervises({ supervisor }: ProcessDetails): string {
  if (supervisor === null) return "";
  const { strategy, intensity, periodMs, restarts } = supervisor;
  return `${strategy}, at most ${intensity} restarts in ${shortDuration(periodMs)}, ${restarts} so far`;
}
