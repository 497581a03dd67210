/**
 * Why a process ended: any plain value.
 *
 * @remarks
 * OTP's own reasons keep their spelling: `"normal"`, `"shutdown"`, `["shutdown", detail]`, `"kill"`, `"killed"`, `"noproc"`,
 * `"noconnection"`. Erlang's tuples are arrays here. A thrown `Error` is the reason itself, with its stack and `cause`.
 */
export type ExitReason = unknown;

/** Whether `reason` is an end that nobody need worry about: `"normal"`, `"shutdown"` or `["shutdown", detail]`. */
export function isOrderly(reason: ExitReason): boolean {
  return reason === "normal" || reason === "shutdown" || isShutdownTuple(reason);
}

function isShutdownTuple(reason: ExitReason): boolean {
  return Array.isArray(reason) && reason.length === 2 && reason[0] === "shutdown";
}
