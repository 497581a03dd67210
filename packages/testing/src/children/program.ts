import type { Self, Suspension } from "@krarup/core";
import type { Port } from "@krarup/ports";

/** What a simulated child process is given. */
export interface ChildContext {
  readonly args: readonly string[];
  /** Only what the parent has set: there is nothing to inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is read is its standard input, what is written its standard output. */
  readonly stdio: Port;
}

/**
 * What a simulated executable does, as the body of a process.
 *
 * @returns its exit status; nothing is 0. If it fails, the status is 1
 */
export type Program = (self: Self<unknown>, child: ChildContext) => Generator<Suspension, number | void, void>;

/** How an executable takes signals. */
export interface ProgramOptions {
  /** Whether SIGTERM leaves it as it is, so that only SIGKILL ends it. Default false. */
  readonly ignoresSigterm?: boolean;
}

/** An executable of a machine. */
export interface Executable extends ProgramOptions {
  readonly program: Program;
}
