// krarup kill: sends a process an exit signal.

import { createInterface } from "node:readline/promises";
import type { KillRow } from "@krarup/observer/client";
import { attached } from "../attach.ts";
import { CommandError } from "../command-error.ts";
import { nameOf, typed } from "../show/process-text.ts";
import { printable } from "../show/printable.ts";
import type { Terminal } from "../show/terminal.ts";

/** What to send, and whether it was thought over. */
export interface KillOptions {
  readonly reason: string;
  readonly isConfirmed: boolean;
}

/** Ends one process, after asking. */
export async function kill(terminal: Terminal, target: string, { reason, isConfirmed }: KillOptions): Promise<void> {
  const answer = await attached(terminal.settings, async (client) => {
    const { node, rows } = await client.request("info", { process: target });
    const [row] = rows;
    // The pid, so that the one that was shown is the one that ends, whoever has its name by then.
    const pid = row?.pid ?? target;
    if (!isConfirmed)
      await confirm(
        `End ${row === undefined ? target : nameOf(row)} ${pid} on node ${node} with reason ${reason}?`,
        pid,
      );
    return await client.request("kill", { process: pid, reason });
  });
  if (terminal.settings.isJson) return terminal.document("kill", answer, answer.rows);
  terminal.lines(answer.rows.map(outcome));
  terminal.hint("krarup tree");
}

function outcome(row: KillRow): string {
  const who = row.name === null && row.label === null ? row.pid : `${nameOf(row)} ${row.pid}`;
  return printable(
    row.isAlive
      ? `sent ${who} the exit signal ${row.reason}: it traps exits and is alive`
      : `ended ${who} with reason ${row.reason}`,
  );
}

async function confirm(question: string, pid: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CommandError("ERR_NOT_CONFIRMED", "Cannot end a process unasked as there is no terminal to ask on", {
      hint: `krarup kill ${typed({ name: null, pid })} --yes`,
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D make the question fail.
  const answer = await terminal.question(`${printable(question)} [y/N] `).catch(() => "");
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new CommandError("ERR_NOT_CONFIRMED", "Nothing was ended as the answer was not yes");
}
