// The front door of @krarup/observer for programs that want to be looked into. Observers use @krarup/observer/client.

export { InspectionError, INSPECTION_ERROR_CODES } from "./errors.ts";
export type { InspectionErrorCode } from "./errors.ts";
export type { InspectionMode } from "./place/descriptor.ts";
export { startInspection } from "./server/inspection.ts";
export type { Inspection, InspectionOptions } from "./server/inspection.ts";
