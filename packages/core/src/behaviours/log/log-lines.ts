import type { AnyPid } from "../../values/pid.ts";
import type { LogEvent } from "./log-event.ts";

/** Events kept of each process. */
export const LINES_PER_PROCESS_MAX = 20;

/** The last events of each process that logs. They go with the process, when nobody holds its pid any more. */
export class LastLines {
  readonly #rings = new WeakMap<AnyPid, LogEvent[]>();

  add(event: LogEvent): void {
    const { pid } = event.metadata;
    if (pid === null) return;
    const ring = this.#rings.get(pid) ?? [];
    if (ring.push(event) > LINES_PER_PROCESS_MAX) ring.shift();
    this.#rings.set(pid, ring);
  }

  /** Oldest first. */
  of(pid: AnyPid): readonly LogEvent[] {
    return [...(this.#rings.get(pid) ?? [])];
  }
}
