// What is left of a program on one machine, a line for each thing.

import { processInfo } from "@krarup/core";
import type { Machine } from "./machine.ts";

/** Processes that are no daemons, descriptors that are open, and timers that are set, on `machine`. */
export function leftoversOn(machine: Machine): string[] {
  const { node, name } = machine;
  const processes = node.whyAlive().map((pid) => {
    const info = processInfo(pid);
    return `${name}: process ${info?.initialCall ?? "unknown"}, ${info?.status ?? "ended"}`;
  });
  const descriptors = machine.openDescriptors.map((label) => `${name}: descriptor, ${label}`);
  const { size } = node.timers;
  return [...processes, ...descriptors, ...(size > 0 ? [`${name}: timers, ${size}`] : [])];
}
