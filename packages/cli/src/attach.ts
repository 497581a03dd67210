// Chooses the node that a verb is about, and connects to it.

import {
  connect,
  findNodes,
  InspectionError,
  type InspectionClient,
  type NodeEntry,
  visit,
  type Visit,
} from "@krarup/observer/client";
import type { Settings } from "./settings.ts";

/**
 * Connects to the node that `settings` name, else to `$KRARUP_NODE`, else to the only one there is.
 *
 * @throws {@link InspectionError} `ERR_NO_NODE`, `ERR_SEVERAL_NODES`, or why the one could not be reached
 */
async function attach(settings: Settings): Promise<InspectionClient> {
  const wanted = settings.node ?? (process.env["KRARUP_NODE"] || undefined);
  if (wanted?.includes("/") === true) return await connect(wanted, settings);
  const candidates = findNodes().filter((entry) => wanted === undefined || isCalled(entry, wanted));
  const visits = await Promise.all(candidates.map((entry) => visit(entry, settings)));
  return choose(visits, wanted);
}

/** Runs `use` with a connection to the node, and ends the connection. */
export async function attached<T>(settings: Settings, use: (client: InspectionClient) => Promise<T>): Promise<T> {
  const client = await attach(settings);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

function isCalled({ descriptor: { name, id, pid } }: NodeEntry, wanted: string): boolean {
  return wanted === name || wanted === id || wanted === String(pid);
}

function choose(visits: readonly Visit[], wanted: string | undefined): InspectionClient {
  const living = visits.filter(isLiving);
  const [first, second] = living;
  if (first !== undefined && second !== undefined) throw several(living, wanted);
  if (first?.type === "connected") return first.client;
  const failed = visits.find((one) => one.type === "failed");
  throw failed?.error ?? noNode(wanted);
}

/** A node that was there, even if it did not speak with us. Of one that refuses the connection nothing but the files may be left. */
function isLiving(one: Visit): boolean {
  return one.type === "connected" || (one.type === "failed" && one.error.code !== "ERR_CONNECTION");
}

function noNode(wanted: string | undefined): InspectionError {
  const which = wanted === undefined ? "a node" : `node ${JSON.stringify(wanted)}`;
  const why =
    wanted === undefined ? "none of this user runs on this machine" : "no running node has that name, id or pid";
  return new InspectionError("ERR_NO_NODE", `Cannot find ${which} as ${why}`, {
    hint: wanted === undefined ? "krarup run <entry>" : "krarup ls",
  });
}

function several(living: readonly Visit[], wanted: string | undefined): InspectionError {
  for (const one of living) if (one.type === "connected") one.client.close();
  const names = living.map(({ entry: { descriptor } }) => `${descriptor.name} (pid ${descriptor.pid})`);
  const which = wanted === undefined ? "" : ` called ${JSON.stringify(wanted)}`;
  const pid = living[0]?.entry.descriptor.pid ?? 0;
  return new InspectionError(
    "ERR_SEVERAL_NODES",
    `Cannot choose a node as there are ${living.length}${which}: ${names.join(", ")}`,
    {
      hint: `choose one with --node, for instance --node ${pid}`,
    },
  );
}
