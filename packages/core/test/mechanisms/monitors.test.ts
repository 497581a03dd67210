import { describe, expect, it } from "vitest";
import {
  attachMonitor,
  detachMonitor,
  Monitor,
  type MonitorEnds,
  monitorsOf,
  monitorsOn,
} from "../../src/mechanisms/monitors.ts";

const ends = (): MonitorEnds => ({ watchedBy: null, watches: null });

function watch(watcher: MonitorEnds, target: MonitorEnds, id: number): Monitor {
  const monitor = new Monitor(id, watcher, "none", null);
  attachMonitor(monitor, target);
  return monitor;
}

describe("monitors", () => {
  it("are known at both ends, oldest first", () => {
    const [watcher, target] = [ends(), ends()];
    const monitors = [1, 2, 3].map((id) => watch(watcher, target, id));
    expect(monitorsOn(target)).toEqual(monitors);
    expect(monitorsOf(watcher)).toEqual(monitors);
  });

  it("stack: the same pair may have many", () => {
    const [watcher, target] = [ends(), ends()];
    watch(watcher, target, 1);
    watch(watcher, target, 2);
    expect(monitorsOn(target)).toHaveLength(2);
  });

  it.each([0, 1, 2])("are removed from both ends wherever they stand (%i of 3)", (index) => {
    const [watcher, target] = [ends(), ends()];
    const monitors = [1, 2, 3].map((id) => watch(watcher, target, id));
    expect(monitors.map((monitor, i) => i === index && detachMonitor(monitor)).includes(true)).toBe(true);
    const rest = monitors.filter((_, i) => i !== index);
    expect([monitorsOn(target), monitorsOf(watcher)]).toEqual([rest, rest]);
  });

  it("are removed once", () => {
    const monitor = watch(ends(), ends(), 1);
    expect([detachMonitor(monitor), detachMonitor(monitor)]).toEqual([true, false]);
  });

  it("may watch their own watcher", () => {
    const both = ends();
    const monitor = watch(both, both, 1);
    expect([monitorsOn(both), monitorsOf(both)]).toEqual([[monitor], [monitor]]);
    detachMonitor(monitor);
    expect(both).toEqual(ends());
  });
});
