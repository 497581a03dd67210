// Child processes of the operating system.

import { KrarupError, type Operation } from "@krarup/core";
import { misuse } from "../port/check-options.ts";
import { outside } from "../outside/outside.ts";
import { KILL_AFTER_MS } from "../port/limits.ts";
import { openPort, type PortOptions } from "../port/open-port.ts";
import type { PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";

/** How a child process is run. */
export interface ChildOptions<P = Uint8Array> extends PortOptions<P> {
  /** Arguments, as they are: no shell looks at them. */
  readonly args?: readonly string[];
  /** Variables that are set, or with `undefined` removed, in the environment that the child inherits. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Its working directory; default that of the node. */
  readonly cd?: string;
  /** Whether the owner gets an `ExitStatus` message. Default false: then only the port's end tells. */
  readonly exitStatus?: boolean;
  /** Where its standard error goes: where the node's goes, or nowhere. Default `"inherit"`, as in Erlang. */
  readonly stderr?: "inherit" | "ignore";
  /** Milliseconds that the child has to end after SIGTERM, before SIGKILL. Default 1,000. */
  readonly killAfterMs?: number;
}

/**
 * Runs an executable as a child process. What is written to the port is its standard input; what is read, its standard output.
 *
 * @remarks
 * The port ends, with reason `"normal"` whatever the status, when the child has exited and its output has been read. When the port ends
 * earlier, because it is closed or its owner has ended, the child gets SIGTERM and after `killAfterMs` SIGKILL, and with it everything
 * it has started, unless that has left its process group.
 *
 * **Ordering.** In active mode `ExitStatus` comes after the last data. In passive mode it comes when the child exits, whether or not its
 * output was read.
 *
 * @param executable - a path, or a name that is looked for in `PATH`
 * @returns the port, which belongs to this process; or an error: `"enoent"`, `"eacces"`, `"emfile"` …
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for an option that makes no sense
 *
 * @example
 * ```ts no-run
 * import { close, orExit, readLine, spawnExecutable, write } from "@krarup/ports";
 *
 * export function* add() {
 *   const calculator = yield* orExit(spawnExecutable("bc"));
 *   yield* orExit(write(calculator, "20 + 22\n"));
 *   const sum = yield* orExit(readLine(calculator)); // "42"
 *   yield* close(calculator);
 *   return sum;
 * }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#open_port/2 | erlang:open_port/2, spawn_executable}. Differs from OTP: a port
 * starts passive, and ends its child.
 */
export function spawnExecutable<P = Uint8Array>(
  executable: string,
  options: ChildOptions<P> = {},
): Operation<Port<P> | PortError> {
  const { args = [], cd = null, env = {}, stderr = "inherit", killAfterMs = KILL_AFTER_MS } = options;
  checkTexts(executable, args);
  if (!(killAfterMs >= 0)) throw misuse("killAfterMs must be milliseconds >= 0", killAfterMs);
  if (stderr !== "inherit" && stderr !== "ignore") throw misuse('stderr must be "inherit" or "ignore"', stderr);
  const attempt = { kind: "child_process", action: `run ${executable}`, timeoutMs: "infinity" } as const;
  return openPort(attempt, { ...options, exitOnClose: false }, () =>
    outside("children").start({ executable, args, env, cd, stderr, killAfterMs }),
  );
}

/** Node refuses such texts as well, but in the port's process. */
function checkTexts(executable: string, args: readonly string[]): void {
  for (const text of [executable, ...args]) {
    if (typeof text === "string" && !text.includes("\0")) continue;
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      "Cannot run an executable as its name and arguments must be texts without NUL",
      text,
    );
  }
  if (executable === "") throw misuse("the name of an executable must not be empty", executable);
}
