// What travels between a node and its observer.
//
//   client                                      node
//   ──────                                      ────
//   {hello: {protocol}}  ────────────────────►
//                        ◄────────────────────  {hello: {protocol, name, mode}}     or {error} and the end
//   {id, op, args}       ────────────────────►
//                        ◄────────────────────  {id, rows}                          none, one or several times
//                        ◄────────────────────  {id, end: {node, at, total}}        or {id, error}
//
// The node answers one request of a connection after the other. Unknown fields are ignored on both sides. All rows of an answer show the
// node at one moment: between two slices.

import type { InspectionErrorCode } from "./errors.ts";
import type { InspectionMode } from "./place/descriptor.ts";

/** What both sides say first. */
export interface Hello {
  readonly protocol: number;
}

/** What the node says of itself in the hello. */
export interface NodeHello extends Hello {
  readonly name: string;
  readonly mode: InspectionMode;
}

/** A request. */
export interface RequestFrame {
  readonly id: number;
  readonly op: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** An error as it travels. */
export interface ErrorFrame {
  readonly code: InspectionErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** An answer, put together from its frames. */
export interface Answer<Row> {
  /** Name of the node. */
  readonly node: string;
  /** When the picture was taken: milliseconds since 1970. */
  readonly at: number;
  /** Rows there would be without any limit. */
  readonly total: number;
  readonly rows: readonly Row[];
}

/** The node as a whole. */
export interface NodeRow {
  readonly name: string;
  /** Of the operating system's process. */
  readonly osPid: number;
  readonly nodeVersion: string;
  readonly mode: InspectionMode;
  readonly entry: string;
  readonly uptimeMs: number;
  /** Living processes. */
  readonly processCount: number;
  /** Restarts by supervisors since inspection began. */
  readonly restarts: number;
}

/** One process, as in a list. Pids travel in their printed form. Absent things are null. */
export interface ProcessRow {
  readonly pid: string;
  readonly name: string | null;
  readonly label: string | null;
  readonly initialCall: string;
  readonly status: "running" | "runnable" | "waiting";
  /** `"message"`, `"ref"`, `"time"`, or the pid of the process whose answer it waits for. */
  readonly waitingFor: string | null;
  readonly parent: string | null;
  readonly priority: string;
  readonly trapExit: boolean;
  readonly linkCount: number;
  readonly monitorCount: number;
  readonly monitoredByCount: number;
  readonly messageQueueLength: number;
  readonly received: number;
  readonly dropped: number;
  readonly sent: number;
  readonly reductions: number;
  readonly busyMs: number;
  readonly ageMs: number;
  readonly timers: number;
}

/** One process by itself. Lists hold at most 100 entries, the counts tell the whole. */
export interface ProcessDetails extends ProcessRow {
  readonly ancestors: readonly string[];
  readonly links: readonly string[];
  readonly monitors: readonly string[];
  readonly monitoredBy: readonly string[];
  readonly groupLeader: string | null;
  /** Values as short text. */
  readonly dictionary: Readonly<Record<string, string>>;
  /** The oldest waiting messages as short text, at most 10. */
  readonly messages: readonly string[];
  readonly supervisor: SupervisorDetails | null;
}

/** What a supervisor is and has. */
export interface SupervisorDetails {
  readonly strategy: string;
  /** Restarts tolerated within `periodMs`. */
  readonly intensity: number;
  readonly periodMs: number;
  /** Restarts of its children since inspection began. */
  readonly restarts: number;
}

/** One line of the supervision tree. Lines come parents first, each directly followed by its children. */
export interface TreeRow {
  /** 0 for a process without a living parent. */
  readonly depth: number;
  /** Null for a child that is not running at the moment. */
  readonly pid: string | null;
  /** Its id in the child spec, where it is the child of a supervisor. */
  readonly childId: string | null;
  readonly name: string | null;
  readonly label: string | null;
  readonly initialCall: string | null;
  readonly kind: "supervisor" | "worker" | "process";
  readonly status: "running" | "runnable" | "waiting" | "restarting" | "undefined";
  readonly waitingFor: string | null;
  readonly messageQueueLength: number;
  /** Restarts of this child since inspection began. */
  readonly restarts: number;
  readonly supervisor: SupervisorDetails | null;
  /** Children that are not shown because of the limit on children. */
  readonly hiddenChildren: number;
}

/** What became of an exit signal. */
export interface KillRow {
  readonly pid: string;
  readonly name: string | null;
  readonly label: string | null;
  readonly reason: string;
  /** Whether it is alive after the signal: it traps exits, or runs at this very moment. */
  readonly isAlive: boolean;
}

/** What a list of processes can be ordered by. */
export type SortKey = "pid" | "name" | "mailbox" | "received" | "reductions" | "age";

/** Every operation with its arguments and the rows of its answer. */
export interface Operations {
  readonly node: { readonly args: Record<string, never>; readonly row: NodeRow };
  readonly processes: {
    readonly args: {
      readonly sort?: SortKey;
      readonly descending?: boolean;
      readonly limit?: number;
    };
    readonly row: ProcessRow;
  };
  readonly tree: {
    /** `root` names the process to start from; default all without a living parent. `childrenMax` bounds the children shown of each. */
    readonly args: {
      readonly root?: string;
      readonly childrenMax?: number;
      readonly limit?: number;
    };
    readonly row: TreeRow;
  };
  readonly info: { readonly args: { readonly process: string }; readonly row: ProcessDetails };
  readonly kill: {
    readonly args: { readonly process: string; readonly reason?: string };
    readonly row: KillRow;
  };
}

/** The name of an operation. */
export type OperationName = keyof Operations;
