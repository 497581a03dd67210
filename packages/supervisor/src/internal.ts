// The door for sister packages. It promises nothing: its names may change in any release.

export { supervisionOf } from "./supervision-of.ts";
export type { Supervision } from "./supervising-body.ts";
