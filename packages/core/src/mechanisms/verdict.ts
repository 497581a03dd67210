// What an exit signal does to its receiver: OTP's table, as a pure function.
//
//   signal    reason         receiver does not trap       receiver traps
//   ────────  ─────────────  ──────────────────────────   ────────────────────────
//   link      normal         nothing                      message
//   link      anything       ends with that reason        message
//   explicit  kill           ends with "killed"           ends with "killed"
//   explicit  normal, self   ends with "normal"           message
//   explicit  normal         nothing                      message
//   explicit  anything       ends with that reason        message
//
// A link signal whose reason is "kill" is an ordinary one: only an explicit kill cannot be trapped, and only it is renamed.

/** Where an exit signal comes from. */
export type ExitSignalOrigin = "link" | "explicit" | "self";

/** What happens to the receiver. */
export type ExitVerdict =
  | { readonly do: "ignore" }
  | { readonly do: "deliver" }
  | { readonly do: "end"; readonly reason: unknown };

const IGNORE: ExitVerdict = { do: "ignore" };
const DELIVER: ExitVerdict = { do: "deliver" };
const KILLED: ExitVerdict = { do: "end", reason: "killed" };

/** Judges one exit signal. @see {@link https://www.erlang.org/doc/system/ref_man_processes.html#receiving-exit-signals} */
export function judgeExitSignal(origin: ExitSignalOrigin, reason: unknown, trapsExits: boolean): ExitVerdict {
  if (reason === "kill" && origin !== "link") return KILLED;
  if (trapsExits) return DELIVER;
  if (reason === "normal" && origin !== "self") return IGNORE;
  return { do: "end", reason };
}
