// The room of child processes.

import { spawn } from "node:child_process";
import type { Driver } from "../port/driver.ts";
import { ChildDriver } from "./child-driver.ts";

/** What is run, and how it is ended. */
export interface ChildCommand {
  readonly executable: string;
  readonly args: readonly string[];
  /** Variables that are set, or with `undefined` removed, in what the child inherits. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its working directory; null for that of the node. */
  readonly cd: string | null;
  readonly stderr: "inherit" | "ignore";
  /** Milliseconds between SIGTERM and SIGKILL, once the driver lets go. */
  readonly killAfterMs: number;
}

/** Child processes as a node reaches them. */
export interface Children {
  /** Starts a child: what is written is its standard input, what is read its standard output. */
  start(command: ChildCommand): Driver;
}

/** The processes of the operating system. */
export const nodeChildren: Children = {
  start({ executable, args, env, cd, stderr, killAfterMs }) {
    const child = spawn(executable, args, {
      ...(cd === null ? {} : { cwd: cd }),
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", stderr],
      detached: true,
    });
    return new ChildDriver(executable, child, killAfterMs);
  },
};
