// krarup ls: the nodes of this user on this machine.

import { findNodes, type NodeRow, visit, type Visit } from "@krarup/observer/client";
import { shortDuration } from "../duration.ts";
import { type Column, tableLines } from "../show/table.ts";
import type { Terminal } from "../show/terminal.ts";

/** A node in the list. What only the node itself can tell is null when it did not answer. */
interface ListedNode {
  readonly name: string;
  readonly id: string;
  readonly osPid: number;
  /** `"ok"`, or the code of the error that kept us from asking. */
  readonly status: string;
  readonly mode: string;
  readonly nodeVersion: string;
  readonly uptimeMs: number | null;
  readonly processCount: number | null;
  readonly restarts: number | null;
  readonly entry: string;
  readonly endpoint: string;
}

/** Lists nodes, and removes what the dead have left. */
export async function ls(terminal: Terminal): Promise<void> {
  const visits = await Promise.all(findNodes().map((entry) => visit(entry, terminal.settings)));
  const nodes = await Promise.all(visits.filter((one) => one.type !== "stale").map(ask));
  const stale = visits.length - nodes.length;
  if (terminal.settings.isJson) terminal.document("ls", { node: null, at: Date.now(), total: nodes.length }, nodes);
  else if (nodes.length > 0) terminal.lines(tableLines(COLUMNS, nodes, terminal));
  else terminal.talk("no node of this user runs on this machine");
  if (stale > 0) terminal.talk(`removed ${stale} ${stale === 1 ? "entry" : "entries"} of programs that are gone`);
  const [first] = nodes;
  terminal.hint(first === undefined ? "krarup run <entry>" : `krarup ps${nodes.length > 1 ? ` -n ${first.name}` : ""}`);
}

async function ask(one: Exclude<Visit, { type: "stale" }>): Promise<ListedNode> {
  if (one.type === "failed") return listed(one, one.error.code, null);
  try {
    const { rows } = await one.client.request("node", {});
    return listed(one, "ok", rows[0] ?? null);
  } catch {
    // It has just ended, or is busy beyond the time-out: both are told by the missing figures.
    return listed(one, "ERR_TIMEOUT", null);
  } finally {
    one.client.close();
  }
}

function listed({ entry: { descriptor, endpoint } }: Visit, status: string, row: NodeRow | null): ListedNode {
  const { name, id, pid: osPid, mode, nodeVersion, entry } = descriptor;
  const { uptimeMs = null, processCount = null, restarts = null } = row ?? {};
  return {
    name,
    id,
    osPid,
    status,
    mode,
    nodeVersion,
    uptimeMs,
    processCount,
    restarts,
    entry,
    endpoint,
  };
}

const orDash = (value: number | null): string => (value === null ? "-" : String(value));

const COLUMNS: readonly Column<ListedNode>[] = [
  { title: "NODE", align: "left", text: (node) => node.name, look: () => "bold" },
  { title: "OS PID", align: "right", text: (node) => String(node.osPid) },
  {
    title: "UPTIME",
    align: "right",
    text: (node) => (node.uptimeMs === null ? "-" : shortDuration(node.uptimeMs)),
  },
  { title: "PROCS", align: "right", text: (node) => orDash(node.processCount) },
  { title: "RESTARTS", align: "right", text: (node) => orDash(node.restarts) },
  {
    title: "MODE",
    align: "left",
    text: (node) => (node.status === "ok" ? node.mode : node.status),
  },
  { title: "NODE.JS", align: "left", text: (node) => node.nodeVersion },
  { title: "ENTRY", align: "left", isFlexible: true, text: (node) => node.entry },
];
