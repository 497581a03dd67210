// How processes are spoken of.

import type { ProcessRow, TreeRow } from "@krarup/observer/client";
import type { Look, Terminal } from "./terminal.ts";

/** The best name there is: registered, else label, else the function it runs. */
export function nameOf(row: {
  readonly name: string | null;
  readonly label: string | null;
  readonly initialCall?: string | null;
  readonly pid: string | null;
}): string {
  return row.name ?? row.label ?? row.initialCall ?? row.pid ?? "?";
}

/** How to name the process on a command line: by its name where a shell takes that as one word, else by its pid without brackets. */
export function typed(row: { readonly name: string | null; readonly pid: string }): string {
  const { name, pid } = row;
  return name !== null && /^[\w.:@/-]+$/.test(name) && !name.startsWith("-") ? name : pid.replace(/^<(.*)>$/, "$1");
}

/** What the process is doing. */
export function stateText(row: Pick<ProcessRow | TreeRow, "status" | "waitingFor">, { symbols }: Terminal): string {
  switch (row.waitingFor) {
    case null:
    case "message":
      return row.status;
    case "time":
      return "sleeping";
    case "ref":
      return "waiting ref";
    default:
      return `call ${symbols.arrow} ${row.waitingFor}`;
  }
}

/** The look of a state; the word says the same. */
export function stateLook({ status }: Pick<TreeRow, "status">): Look | undefined {
  switch (status) {
    case "running":
    case "runnable":
      return "green";
    case "restarting":
    case "undefined":
      return "yellow";
    case "waiting":
      return undefined;
  }
}
