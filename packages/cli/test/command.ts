// Drives the command as a shell would: real programs, real sockets, in a runtime directory of the test's own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, type TestContext, vi } from "vitest";

const COMMAND = join(import.meta.dirname, "..", "bin", "krarup.mjs");
const FIXTURES = join(import.meta.dirname, "fixtures");
// With all that the command would otherwise start itself again for.
const NODE_OPTIONS = ["--conditions=@krarup/source", "--max-semi-space-size=2"];

// Real programs on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

/** What a finished program left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that may still run. */
export class Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  readonly #output = { stdout: "", stderr: "" };

  constructor(argv: readonly string[], env: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, argv, { env, stdio: ["ignore", "pipe", "pipe"], cwd: FIXTURES });
    for (const name of ["stdout", "stderr"] as const)
      this.child[name]?.setEncoding("utf8").on("data", (text: string) => (this.#output[name] += text));
    this.finished = once(this.child, "close").then(() => ({ code: this.child.exitCode, ...this.#output }));
  }

  /** Waits until the program has printed `text`. */
  async printed(text: string, stream: "stdout" | "stderr" = "stdout"): Promise<void> {
    while (!this.#output[stream].includes(text)) {
      const source = this.child[stream];
      if (source === null || source.closed)
        throw new Error(`It ended before it printed ${text}: ${JSON.stringify(this.#output)}`);
      await Promise.race([once(source, "data"), once(source, "close")]);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** A place of its own for the nodes of one test file, with the command to look at them. */
export class Stage {
  readonly directory: string = mkdtempSync(join(tmpdir(), "krarup-cli-"));
  readonly #running: Running[] = [];

  /** Starts a fixture as a plain program. */
  program(fixture: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Running {
    return this.#start([...NODE_OPTIONS, join(FIXTURES, fixture), ...args], env);
  }

  /** Starts the command. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    return this.#start([...NODE_OPTIONS, COMMAND, ...args], env);
  }

  /** Runs the command to its end. */
  async krarup(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return await this.start(args, env).finished;
  }

  async close(): Promise<void> {
    for (const { child } of this.#running) if (child.exitCode === null) child.kill("SIGKILL");
    await Promise.all(this.#running.map(({ finished }) => finished));
    rmSync(this.directory, { recursive: true, force: true });
  }

  #start(argv: readonly string[], env: NodeJS.ProcessEnv): Running {
    const { NODE_ENV: _environment, ...inherited } = process.env;
    const running = new Running(argv, { ...inherited, KRARUP_RUNTIME_DIR: this.directory, NO_COLOR: "1", ...env });
    this.#running.push(running);
    return running;
  }
}

/** A stage that the tests of a file share, closed at its end. */
export function useStage(): Stage {
  const stage = new Stage();
  afterAll(() => stage.close());
  return stage;
}

/** A stage of one test, closed at its end. */
export function openStage({ onTestFinished }: TestContext): Stage {
  const stage = new Stage();
  onTestFinished(() => stage.close());
  return stage;
}
