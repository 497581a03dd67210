// The front door of @krarup/supervisor: two kinds of supervisors, and applications.

export { application, isApplication, startApplication, stopApplication } from "./application.ts";
export type { Application, ApplicationDefinition } from "./application.ts";
export { DynamicSupervisor } from "./dynamic-supervisor.ts";
export { Supervisor } from "./supervisor.ts";

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
export { SpecError, SUPERVISOR_ERROR_CODES } from "./errors.ts";
export type { SupervisorErrorCode } from "./errors.ts";
export type { Strategy } from "./strategy.ts";
export type { RestartIntensity, SupervisorName, SupervisorSpec } from "./supervisor-spec.ts";
