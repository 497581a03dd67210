// What the command's exit code says. `docs/cli.md` explains each; a test holds the two tables equal.

/** One code per kind of outcome that a script may want to tell apart. */
export const EXIT = {
  /** It worked; `run` also after a clean stop on a signal. */
  success: 0,
  /** The command line is wrong. */
  usage: 2,
  /** No node, or several and none chosen. */
  noNode: 3,
  noProcess: 4,
  timeout: 5,
  /** The node is read-only, or nobody confirmed. */
  refused: 6,
  /** Node and command speak different protocols. */
  protocol: 7,
  /** The application failed, or the command itself. */
  failed: 70,
  /** The application did not stop in time, and what was left was killed. */
  killedAtDeadline: 71,
  /** A second SIGINT forced the end. */
  sigint: 130,
  /** A second SIGTERM forced the end. */
  sigterm: 143,
} as const;

/** One of the codes above. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
