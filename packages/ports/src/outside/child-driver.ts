// The driver of a child process: its standard input and output are the stream.

import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { codeOf } from "../port/port-error.ts";
import { endGroup } from "./process-group.ts";
import { StreamDriver } from "./stream-driver.ts";

/** A child process as a stream. It has ended when the child has exited and everything it wrote was read. */
export class ChildDriver extends StreamDriver {
  readonly #child: ChildProcess;
  readonly #killAfterMs: number;
  #isEnding = false;
  #killRest: () => void = () => undefined;

  /** @param child - just started, the leader of a process group */
  constructor(executable: string, child: ChildProcess, killAfterMs: number) {
    super(`child ${executable}`, { source: child.stdout, sink: child.stdin }, { type: "opening" });
    this.#child = child;
    this.#killAfterMs = killAfterMs;
    child.unref();
    child.on("spawn", () => this.opened());
    child.on("error", (error) => this.failed(codeOf(error)));
    child.on("exit", (code, signal) => this.#exited(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  }

  /** Id of the process in the operating system. */
  get osPid(): number | undefined {
    return this.#child.pid;
  }

  override get hasEnded(): boolean {
    return super.hasEnded && this.exitStatus !== null;
  }

  override close(): void {
    this.#end();
    super.close();
  }

  override destroy(): void {
    this.#end();
    super.destroy();
  }

  #exited(status: number): void {
    this.exitStatus = status;
    // The child's own end leaves its group alone, if it comes before the port's.
    if (this.#isEnding) this.#killRest();
    this.changed();
  }

  #end(): void {
    const { pid } = this.#child;
    if (this.#isEnding || pid === undefined || this.#isOver) return;
    this.#isEnding = true;
    const killRest = endGroup(pid, this.#killAfterMs);
    // The child is gone already, and others of its group hold its output open.
    if (this.exitStatus !== null) killRest();
    else this.#killRest = killRest;
  }

  /** Whether nothing of the group can be left: then its number may belong to somebody else by now. */
  get #isOver(): boolean {
    return this.hasEnded;
  }
}
