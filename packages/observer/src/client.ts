// The front door for observers: everything of @krarup/observer that does not need a node, and so starts quickly.

export { findNodes, visit } from "./client/find-nodes.ts";
export type { NodeEntry, Visit } from "./client/find-nodes.ts";
export { connect } from "./client/inspection-client.ts";
export type { ClientOptions, InspectionClient } from "./client/inspection-client.ts";
export { INSPECTION_ERROR_CODES, InspectionError } from "./errors.ts";
export type { InspectionErrorCode } from "./errors.ts";
export { PROTOCOL_VERSION, ROWS_DEFAULT, ROWS_MAX } from "./limits.ts";
export { runtimeDirectory } from "./place/runtime-directory.ts";
export type { Descriptor, InspectionMode } from "./place/descriptor.ts";
export type {
  Answer,
  Hello,
  KillRow,
  NodeHello,
  NodeRow,
  OperationName,
  Operations,
  ProcessDetails,
  ProcessRow,
  SortKey,
  SupervisorDetails,
  TreeRow,
} from "./protocol.ts";
