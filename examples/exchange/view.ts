// What there is to see: the state of the exchange at one moment, as plain data.
//
// It is gathered from outside. Names say who is there, `processInfo` says who is on which trunk; only the measurement is
// asked for. So looking changes nothing, and a process that is dead or hangs is simply shown as it is.

import { type AnyPid, processInfo, whereis } from "@krarup/core";
import { callOn } from "./chaos.ts";
import type { Incident, Incidents } from "./incidents.ts";
import type { Measurement } from "./tally.ts";
import type { Plan } from "./tree.ts";
import { trunkName } from "./trunk.ts";

/** A line of the tree. */
export interface Branch {
  readonly name: string;
  readonly pid: AnyPid | undefined;
  readonly restarts: number;
  /** Children that are alive, of a supervisor whose children are not shown. */
  readonly children: number | undefined;
}

/** A trunk: nobody on it, a call on it, or just struck. */
export type TrunkState = "idle" | "busy" | "struck";

export interface View {
  readonly plan: Plan;
  readonly elapsedMs: number;
  readonly tree: readonly Branch[];
  readonly trunks: readonly TrunkState[];
  /** Share of busy trunks at this look and those before it, the latest last. */
  readonly history: readonly number[];
  readonly measurement: Measurement;
  readonly incidents: readonly Incident[];
}

/** Children of the exchange, in the order of their start. */
const NAMES = ["statistics", "trunks", "switch", "calls", "source", "chaos", "picture"] as const;

/** Crashes younger than this are shown on the trunk. */
const STRUCK_MS = 700;

const HISTORY_MAX = 100;

/** Looks, again and again. It remembers who was on which trunk, because the dead are on none. */
export class Viewer {
  readonly #plan: Plan;
  readonly #incidents: Incidents;
  /** By trunk number: who was seen there last. */
  readonly #seen: (AnyPid | undefined)[] = [];
  #history: readonly number[] = [];

  constructor(plan: Plan, incidents: Incidents) {
    this.#plan = plan;
    this.#incidents = incidents;
  }

  /** Milliseconds since the node was made. */
  now(): number {
    return this.#incidents.now();
  }

  /** The exchange as it is now, with what was measured. */
  look(measurement: Measurement): View {
    const nowMs = this.now();
    const incidents = this.#incidents.recent;
    const struck = new Set(incidents.filter(({ atMs }) => nowMs - atMs < STRUCK_MS).map(({ pid }) => pid));
    const trunks = Array.from({ length: this.#plan.trunks }, (_, i) => this.#stateOf(i + 1, struck));
    const busy = trunks.filter((state) => state === "busy").length;
    this.#history = [...this.#history.slice(1 - HISTORY_MAX), busy / trunks.length];
    return {
      plan: this.#plan,
      elapsedMs: nowMs,
      tree: this.#tree(),
      trunks,
      history: this.#history,
      measurement,
      incidents,
    };
  }

  #tree(): Branch[] {
    return NAMES.flatMap((name) => {
      const pid = whereis(name);
      if (name === "chaos" && this.#plan.chaosGapMs === undefined) return [];
      return [{ name, pid, restarts: this.#restartsOf(name), children: childrenOf(name, pid) }];
    });
  }

  /** Restarts of the trunks stand on the line of their supervisor. */
  #restartsOf(name: string): number {
    if (name !== "trunks") return this.#incidents.restartsOf(name);
    const numbers = Array.from({ length: this.#plan.trunks }, (_, i) => i + 1);
    return numbers.reduce((sum, number) => sum + this.#incidents.restartsOf(trunkName(number)), 0);
  }

  #stateOf(number: number, struck: ReadonlySet<AnyPid>): TrunkState {
    const before = this.#seen[number];
    const now = callOn(whereis(trunkName(number)));
    if (now !== undefined) this.#seen[number] = now;
    if (before !== undefined && struck.has(before) && now !== before) return "struck";
    return now === undefined ? "idle" : "busy";
  }
}

/** A supervisor is linked to its own supervisor and to its children. */
function childrenOf(name: string, pid: AnyPid | undefined): number | undefined {
  if (pid === undefined || (name !== "trunks" && name !== "calls")) return undefined;
  return Math.max(0, (processInfo(pid)?.links.length ?? 0) - 1);
}
