// The door for sister packages. It promises nothing: its names may change in any release.

export { currentNode, currentProcess, requireProcess } from "./kernel/current.ts";
export { Process, recordOf } from "./kernel/process.ts";
export { startBody, startProcess } from "./kernel/spawn.ts";
export type { InternalSpawnOptions } from "./kernel/spawn.ts";
export { priorityOf } from "./kernel/process-info.ts";
export { ancestorsOf, entryName } from "./kernel/exit.ts";
export { Call } from "./kernel/call.ts";
export { finished, KernelOperation } from "./kernel/operation.ts";
export { EVENT_BIT } from "./kernel/events.ts";
export { BehaviourBody } from "./behaviours/behaviour-body.ts";
export type { StartAnswer } from "./behaviours/behaviour-body.ts";
export { startBehaviour } from "./behaviours/start-behaviour.ts";
export { startSync } from "./behaviours/proc-lib.ts";
export type { Acknowledge, StartOptions } from "./behaviours/proc-lib.ts";
export { collect, leave } from "./behaviours/parcel.ts";
export { procedure } from "./behaviours/procedure.ts";
export type { Steps } from "./behaviours/procedure.ts";
export { taskStream } from "./behaviours/task/task-stream.ts";
export type { TaskStarter } from "./behaviours/task/task-stream-guard.ts";
export { answerRef, jobOf, startAnswering, startJob } from "./behaviours/task/task-process.ts";
export type { Job, JobOptions } from "./behaviours/task/task-process.ts";
export { toExitReason } from "./mechanisms/exit-term.ts";
export { matches } from "./mechanisms/pattern.ts";
export { hasLink } from "./mechanisms/links.ts";
export { isolate } from "./mechanisms/isolate.ts";
export { isExitOf } from "./values/system-messages.ts";
