// The load of a workload with connections, as that workload sees it: a program in a process of its own, on another processor where there is
// one.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { Suspension } from "@krarup/core";
import { close, orExit, type Port, readLine, spawnExecutable, write } from "@krarup/ports";

type Steps<T> = Generator<Suspension, T, void>;

/** What the program answers; which figures, its first lines say. */
type Answer = Readonly<Record<string, number>>;

/** Descriptors that a program has open beside its connections. */
const OTHER_DESCRIPTORS = 200;
const PROGRAM = fileURLToPath(new URL("./load-program.ts", import.meta.url));

/** The program of the load. It ends with the process that started it. */
export class Load {
  readonly #program: Port;

  private constructor(program: Port) {
    this.#program = program;
  }

  /** Starts it, for a server on `port`. */
  static *start(port: number): Steps<Load> {
    const [executable, ...args] = [...elsewhere(), process.execPath, PROGRAM, String(port)];
    return new Load(yield* orExit(spawnExecutable(executable, { args })));
  }

  /** Gives one of its orders, and waits until it is done. */
  *order(...words: readonly (string | number)[]): Steps<Answer> {
    yield* orExit(write(this.#program, `${words.join(" ")}\n`));
    // The program writes answers of this form.
    return JSON.parse(yield* orExit(readLine(this.#program))) as Answer;
  }

  *end(): Steps<void> {
    yield* close(this.#program);
  }
}

/** The workload is pinned to one processor, and what it starts with it: here is the way to the first of the others. */
function elsewhere(): [string, ...string[]] {
  const isPinned = availableParallelism() === 1 && cpus().length > 1;
  return isPinned && spawnSync("taskset", ["-c", "0", "true"]).status === 0 ? ["taskset", "-c", "0"] : ["env"];
}

/** @throws when the system does not let a program have so many connections */
export function requireDescriptors(connections: number): void {
  if (process.platform !== "linux") return;
  const max = Number(/^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? Number.NaN);
  if (max >= connections + OTHER_DESCRIPTORS) return;
  const hint = `raise it to ${connections + OTHER_DESCRIPTORS} with ulimit -n`;
  throw new Error(`Cannot hold ${connections} connections as a program may open ${max} files: ${hint}`);
}
