// krarup tree: who supervises whom.

import { attached } from "../attach.ts";
import { printable } from "../show/printable.ts";
import { tableLines } from "../show/table.ts";
import type { Terminal } from "../show/terminal.ts";
import { treeColumns, treeLines } from "../show/tree-picture.ts";

/** What to draw. */
export interface TreeOptions {
  /** The process to start from; undefined means the whole node. */
  readonly root: string | undefined;
  readonly childrenMax: number;
  readonly limit: number;
}

/** Draws the supervision tree. */
export async function tree(terminal: Terminal, { root, childrenMax, limit }: TreeOptions): Promise<void> {
  const args = root === undefined ? { childrenMax, limit } : { root, childrenMax, limit };
  const answer = await attached(terminal.settings, (client) => client.request("tree", args));
  if (terminal.settings.isJson) return terminal.document("tree", answer, answer.rows);
  const [, ...lines] = tableLines(treeColumns(terminal), treeLines(answer.rows, terminal.symbols), terminal);
  terminal.lines([terminal.paint("bold", printable(answer.node)), ...lines]);
  if (answer.rows.length === limit) terminal.talk(`cut after ${limit} processes; more with --limit`);
  terminal.hint("krarup info <pid or name>");
}
