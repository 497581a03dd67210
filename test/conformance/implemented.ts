// Every scenario that has been written.

import { applications } from "./scenarios/applications.ts";
import { agents } from "./scenarios/agents.ts";
import { directories } from "./scenarios/directories.ts";
import { dynamicSupervisors } from "./scenarios/dynamic-supervisors.ts";
import { eventManagers } from "./scenarios/event-managers.ts";
import { exits } from "./scenarios/exits.ts";
import { libraryProcesses } from "./scenarios/library-processes.ts";
import { links } from "./scenarios/links.ts";
import { machineTimeouts } from "./scenarios/machine-timeouts.ts";
import { machines } from "./scenarios/machines.ts";
import { mailbox } from "./scenarios/mailbox.ts";
import { monitors } from "./scenarios/monitors.ts";
import { multiCalls } from "./scenarios/multi-call.ts";
import { names } from "./scenarios/names.ts";
import { restartLimits } from "./scenarios/restart-limits.ts";
import { restarts } from "./scenarios/restarts.ts";
import { serverCalls } from "./scenarios/server-calls.ts";
import { serverNames } from "./scenarios/server-names.ts";
import { serverStarts } from "./scenarios/server-starts.ts";
import { sharedNumbers } from "./scenarios/shared-numbers.ts";
import { simpleOneForOne } from "./scenarios/simple-one-for-one.ts";
import { supervisorAdmin } from "./scenarios/supervisor-admin.ts";
import { supervisorLives } from "./scenarios/supervisor-lives.ts";
import { sys } from "./scenarios/sys.ts";
import { tables } from "./scenarios/tables.ts";
import { tasks } from "./scenarios/tasks.ts";
import { timers } from "./scenarios/timers.ts";
import type { Scenarios } from "./stage/lab.ts";

export const IMPLEMENTED: Scenarios = {
  ...exits,
  ...links,
  ...monitors,
  ...mailbox,
  ...timers,
  ...names,
  ...serverNames,
  ...serverStarts,
  ...serverCalls,
  ...multiCalls,
  ...machines,
  ...machineTimeouts,
  ...eventManagers,
  ...sys,
  ...libraryProcesses,
  ...restarts,
  ...restartLimits,
  ...supervisorLives,
  ...supervisorAdmin,
  ...dynamicSupervisors,
  ...tasks,
  ...agents,
  ...directories,
  ...applications,
  ...simpleOneForOne,
  ...tables,
  ...sharedNumbers,
};
