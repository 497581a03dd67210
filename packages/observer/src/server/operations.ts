// What a node answers. Each operation is a function from checked arguments to rows; `dispatch` finds it.

import { exit, isAlive, type Node } from "@krarup/core";
import type { Process } from "@krarup/core/internal";
import { InspectionError } from "../errors.ts";
import { ROWS_DEFAULT, ROWS_MAX } from "../limits.ts";
import type { Answer, OperationName, Operations, RequestFrame } from "../protocol.ts";
import type { Descriptor } from "../place/descriptor.ts";
import { Arguments } from "./arguments.ts";
import { findProcess } from "./find-process.ts";
import { firstInOrder, SORT_KEYS } from "./first-in-order.ts";
import { labelText } from "./preview.ts";
import { processDetails, processRow } from "./process-rows.ts";
import type { RestartCounter } from "./restart-counter.ts";
import { supervisorDetails } from "./supervision.ts";
import { supervisionTree } from "./supervision-tree.ts";

/** What the operations look at. */
export interface Inspected {
  readonly node: Node;
  readonly descriptor: Descriptor;
  readonly restarts: RestartCounter;
}

type Rows<Name extends OperationName> = {
  readonly total: number;
  readonly rows: readonly Operations[Name]["row"][];
};
type Implementations = {
  readonly [Name in OperationName]: (inspected: Inspected, args: Arguments) => Rows<Name>;
};

const CHILDREN_DEFAULT = 20;
const REASON_LENGTH_MAX = 1_000;

const OPERATIONS: Implementations = {
  node({ node, descriptor, restarts }) {
    const { name, pid: osPid, nodeVersion, mode, entry } = descriptor;
    return one({
      name,
      osPid,
      nodeVersion,
      mode,
      entry,
      uptimeMs: Math.round(node.now()),
      processCount: node.processCount,
      restarts: restarts.total,
    });
  },

  processes({ node }, args) {
    const sort = args.oneOf("sort", SORT_KEYS, "pid");
    const limit = args.integer("limit", 1, ROWS_MAX, ROWS_DEFAULT);
    const chosen = firstInOrder(node.table, sort, args.flag("descending"), limit);
    return {
      total: node.processCount,
      rows: chosen.map(processRow).filter((row) => row !== undefined),
    };
  },

  tree({ node, restarts }, args) {
    const root = args.optionalText("root");
    const childrenMax = args.integer("childrenMax", 1, ROWS_MAX, CHILDREN_DEFAULT);
    const limit = args.integer("limit", 1, ROWS_MAX, ROWS_DEFAULT);
    const rows = supervisionTree(
      node,
      root === undefined ? undefined : findProcess(node, root),
      { childrenMax, limit },
      restarts,
    );
    return { total: node.processCount, rows };
  },

  info({ node, restarts }, args) {
    const process = findProcess(node, args.text("process"));
    const details = processDetails(process, supervisorDetails(process, restarts));
    // It was alive a line ago, and nothing runs in between.
    return details === undefined ? { total: 0, rows: [] } : one(details);
  },

  kill({ node, descriptor }, args) {
    const process = findProcess(node, args.text("process"));
    const reason = args.optionalText("reason")?.slice(0, REASON_LENGTH_MAX) ?? "shutdown";
    if (descriptor.mode !== "rw") throw readOnly(descriptor.name, `end ${String(process)}`);
    return one(kill(node, process, reason));
  },
};

/**
 * The answer to `request`.
 *
 * @throws {@link InspectionError} for the client
 */
export function dispatch(inspected: Inspected, request: RequestFrame): Answer<unknown> {
  const { node } = inspected;
  if (!isOperation(request.op))
    throw new InspectionError(
      "ERR_UNKNOWN_OPERATION",
      `Cannot answer as there is no operation ${JSON.stringify(request.op.slice(0, 60))}`,
    );
  const { total, rows } = OPERATIONS[request.op](inspected, new Arguments(request.op, request.args));
  return { node: inspected.descriptor.name, at: node.platform.systemTime(), total, rows };
}

function isOperation(op: string): op is OperationName {
  return Object.hasOwn(OPERATIONS, op);
}

function one<Row>(row: Row): { readonly total: number; readonly rows: readonly Row[] } {
  return { total: 1, rows: [row] };
}

function kill(node: Node, process: Process, reason: string): Operations["kill"]["row"] {
  const pid = process.toString();
  const name = node.names.nameOf(process) ?? null;
  const label = labelText(process.rare?.label);
  node.report(process, {
    label: "inspection",
    level: "notice",
    details: { operation: "kill", pid: process, reason },
  });
  exit(process, reason);
  return { pid, name, label, reason, isAlive: isAlive(process) };
}

function readOnly(name: string, action: string): InspectionError {
  return new InspectionError("ERR_READ_ONLY", `Cannot ${action} as node ${name} lets observers only look`, {
    hint: "start the program with KRARUP_INSPECT=rw",
  });
}
