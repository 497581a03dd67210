// The front door of @krarup/supervisor: two kinds of supervisors, and applications.

export { application, isApplication } from "./application.ts";
export type { Application, ApplicationCallback, ApplicationDefinition, ApplicationStart } from "./application.ts";
export { getAllEnv, getEnv, setEnv, unsetEnv } from "./environment.ts";
export type { EnvOptions } from "./environment.ts";
export { loadApplication, loadedApplications, unloadApplication, whichApplications } from "./loaded-applications.ts";
export type { LoadedApplication, RunningApplication } from "./loaded-applications.ts";
export type { SchemaIssue, SchemaResult, StandardSchemaV1 } from "./standard-schema.ts";
export { ensureAllStarted, startApplication } from "./start-application.ts";
export type { StartApplicationOptions } from "./start-application.ts";
export { stopApplication } from "./stop-application.ts";
export { nodeStopped, stopNode } from "./stop-node.ts";
export type { NodeStop, NodeStopCause, StopFailure } from "./stop-node.ts";
export type { BackOff } from "./back-off.ts";
export { DynamicSupervisor } from "./dynamic-supervisor.ts";
export { PartitionSupervisor } from "./partition-supervisor.ts";
export type { PartitionKey, PartitionSupervisorSpec } from "./partition-supervisor.ts";
export { SimpleOneForOne } from "./simple-one-for-one.ts";
export type { NoIds, SimpleOneForOnePid } from "./simple-one-for-one.ts";
export type { SimpleOneForOneRequest } from "./simple-one-for-one-body.ts";
export type { ChildTemplate, SimpleOneForOneSpec } from "./simple-one-for-one-spec.ts";
export { Supervisor } from "./supervisor.ts";
export { TaskSupervisor } from "./task-supervisor.ts";
export type { TaskChildOptions } from "./task-supervisor.ts";

export type {
  AnyChildSpec,
  AutoShutdown,
  ChildDescription,
  ChildId,
  ChildSpec,
  ChildType,
  RestartType,
  Shutdown,
  Waiting,
} from "./child-spec.ts";
export type { Whereabouts } from "./child-table.ts";
export type { DynamicSupervisorSpec } from "./dynamic-supervisor-spec.ts";
export type {
  ChildCount,
  DynamicSupervisorPid,
  DynamicSupervisorRequest,
  ListedChild,
  RestartChildResult,
  StartChildResult,
  StartDynamicChildResult,
  StartNamedChildResult,
  SupervisorPid,
  SupervisorRequest,
} from "./management.ts";
export { EnvError, SpecError, SUPERVISOR_ERROR_CODES } from "./errors.ts";
export type { SupervisorErrorCode } from "./errors.ts";
export type { Strategy } from "./strategy.ts";
export type { RestartIntensity, SupervisorName, SupervisorSpec } from "./supervisor-spec.ts";
