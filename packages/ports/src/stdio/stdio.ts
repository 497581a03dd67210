// The standard input and output of the program itself.

import type { Operation } from "@krarup/core";
import { outside } from "../outside/outside.ts";
import { misuse } from "../port/check-options.ts";
import { openPort, type PortOptions } from "../port/open-port.ts";
import type { PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";

/** How standard input and output are used. */
export interface StdioOptions<P = Uint8Array> extends PortOptions<P> {
  /**
   * Whether a terminal hands over each key as it is pressed, without echo; Ctrl+C is then a byte as well. Undone when the port ends.
   * Default false.
   */
  readonly raw?: boolean;
}

/**
 * Opens the standard input and output of the program: what is read is its input, what is written its output.
 *
 * @remarks
 * There is one at a time in a program, for all its nodes. When it ends, the input is left to the next, which goes on behind the last that
 * was taken; after a port that was killed, what had come together with that is lost. `closeWrite` does nothing: others write there too.
 *
 * **Waiting.** `write` waits while whoever reads the output takes no more. A terminal and a file take everything at once.
 * **Exits.** The end of the input does not end the port, which can still be written to: it is `"closed"` for who reads. Neither does the
 * port keep the program running; processes do.
 *
 * @returns the port, which belongs to this process; or an error: `"ebusy"` while there is another, `"enotty"` for `raw` without a terminal
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for an option that makes no sense
 *
 * @example
 * ```ts no-run
 * import { openStdio, orExit, readLine, write } from "@krarup/ports";
 *
 * export function* greet() {
 *   const stdio = yield* orExit(openStdio());
 *   yield* write(stdio, "Who are you? ");
 *   const name = yield* readLine(stdio);
 *   if (typeof name === "string") yield* write(stdio, `Hello ${name}\n`);
 * }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/io_protocol.html | The Erlang I/O protocol}. Differs from OTP: it is a port like any other,
 * and has no protocol of its own.
 */
export function openStdio<P = Uint8Array>(options: StdioOptions<P> = {}): Operation<Port<P> | PortError> {
  const { raw = false } = options;
  if (typeof raw !== "boolean") throw misuse("raw must be true or false", raw);
  const attempt = { kind: "stdio", action: "take standard input and output", timeoutMs: "infinity" } as const;
  return openPort(attempt, { ...options, exitOnClose: false }, () => outside("stdio").open({ raw }));
}
