// Numbers and incidents in words, the same in the picture, in plain lines and in the table.

import { brief } from "@krarup/core";
import { erlangB } from "./erlang-b.ts";
import type { Incident } from "./incidents.ts";
import type { Measurement } from "./tally.ts";

/** A share as per cent, two digits. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** The measured blocking with its interval, as far as there is one. */
export function measured({ blocking, halfWidth }: Measurement): string {
  return halfWidth === undefined ? percent(blocking) : `${(blocking * 100).toFixed(2)} ± ${percent(halfWidth)}`;
}

/** Whether the formula, asked about the load really offered, lies within the interval; undefined while there is none. */
export function agrees(measurement: Measurement, trunks: number): boolean | undefined {
  const { blocking, halfWidth, erlangsOffered } = measurement;
  if (halfWidth === undefined) return undefined;
  return Math.abs(blocking - erlangB(erlangsOffered, trunks)) <= halfWidth;
}

/** Minutes and seconds since the start, and tenths. */
export function clock(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const [minutes, seconds] = [Math.floor(tenths / 600), Math.floor(tenths / 10) % 60];
  return `${pad(minutes)}:${pad(seconds)}.${tenths % 10}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** What happened to whom. */
export function incidentText({ name, pid, reason }: Incident): string {
  return `${name} ${String(pid)} ${typeof reason === "string" ? reason : brief(reason)}`;
}

/** What became of it. */
export function aftermath({ name, reason, successor }: Incident): string {
  if (successor !== undefined) return `restarted as ${String(successor)}`;
  if (name !== "call") return "";
  return reason === "cut_off" ? "its trunk failed" : "gives its trunk back";
}
