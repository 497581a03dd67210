import { type ProcessInfo, processInfo } from "@krarup/core";
import type { TreeRow } from "../protocol.ts";
import { labelText, nameText } from "./preview.ts";
import { waitingText } from "./process-rows.ts";
import type { RestartCounter } from "./restart-counter.ts";
import { supervisorDetails } from "./supervision.ts";
import type { Place } from "./supervision-tree.ts";

/** The row of what stands at `place`. */
export function treeRow(place: Place, hiddenChildren: number, restarts: RestartCounter): TreeRow {
  const { depth, process, supervised } = place;
  const supervisor = process === null ? null : supervisorDetails(process, restarts);
  const around = {
    depth,
    childId: supervised?.id ?? null,
    restarts: supervised?.restarts ?? 0,
    supervisor,
    hiddenChildren,
  };
  const info = process === null ? undefined : processInfo(process);
  if (info === undefined) return { ...around, ...absent(supervised?.absent ?? "undefined") };
  return { ...around, ...present(info), kind: kindOf(place, supervisor !== null) };
}

function kindOf({ supervised }: Place, isSupervisor: boolean): TreeRow["kind"] {
  if (isSupervisor) return "supervisor";
  return supervised === null ? "process" : "worker";
}

type OwnFields = Omit<TreeRow, "depth" | "childId" | "restarts" | "supervisor" | "hiddenChildren">;

function present(info: ProcessInfo): Omit<OwnFields, "kind"> {
  return {
    pid: info.pid.toString(),
    name: info.registeredName === undefined ? null : nameText(info.registeredName),
    label: labelText(info.label),
    initialCall: nameText(info.initialCall),
    status: info.status,
    waitingFor: waitingText(info.waitingFor),
    messageQueueLength: info.messageQueueLength,
  };
}

function absent(status: "restarting" | "undefined"): OwnFields {
  return {
    pid: null,
    name: null,
    label: null,
    initialCall: null,
    kind: "worker",
    status,
    waitingFor: null,
    messageQueueLength: 0,
  };
}
