// krarup run: an application from start to stop, with the exit code it deserves.
//
//   load ──► open to observers ──► start ──► …  ends by itself ────────────────────────► flush ──► 0, 70
//                                            └─ first SIGINT or SIGTERM ──► stop in order ──► flush ──► 0, 70, 71
//                                                                             └─ second signal ──► 130, 143

import { createNode, ExitException, explainReason, type Node, setDefaultNode } from "@krarup/core";
import { InspectionError, startInspection } from "@krarup/observer";
import { type Application, stopApplication } from "@krarup/supervisor";
import { asPrintable, CommandError, EXIT_CODE_OF } from "../command-error.ts";
import { shortDuration } from "../duration.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { complaintAbout, runApplication } from "../run/application-run.ts";
import { flushOutput } from "../run/flush-output.ts";
import { loadEntry, nameOfEntry } from "../run/load-entry.ts";
import { firstStopSignal, type StopSignal } from "../run/stop-signals.ts";
import type { Terminal } from "../show/terminal.ts";

/** What to run, and how to stop it. */
export interface RunOptions {
  readonly entry: string;
  readonly args: readonly string[];
  readonly name: string | undefined;
  readonly stopTimeoutMs: number;
}

/** Runs an application to its end. @returns the exit code; the caller ends the program with it */
export async function run(terminal: Terminal, options: RunOptions): Promise<ExitCode> {
  // Output that nobody reads any more is dropped; the application goes on, and stops when it is told to.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  const node = createNode({ name: options.name ?? nameOfEntry(options.entry) });
  setDefaultNode(node);
  const failure = await failureOf(() => runOn(node, terminal, options));
  await flushOutput(node);
  if (failure === undefined) return EXIT.success;
  terminal.error(failure);
  await flushOutput(node);
  return EXIT_CODE_OF[failure.code];
}

async function failureOf(attempt: () => Promise<void>): Promise<CommandError | InspectionError | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    return asPrintable(error);
  }
}

async function runOn(node: Node, terminal: Terminal, options: RunOptions): Promise<void> {
  const app = await loadEntry(options.entry);
  const signal = firstStopSignal((code) => process.exit(code));
  await openToObservers(node, terminal, options.entry);
  const ended = runApplication(node, app, options.args);
  const first = await Promise.race([ended, signal]);
  if (typeof first === "string") return await stopOn(first, node, app, terminal, options);
  const complaint = complaintAbout(first, app);
  // Its master may still be calling `stop`. That it ended as the root did is known already.
  await stopApplication(app).then(undefined, () => undefined);
  if (complaint !== undefined) throw complaint;
}

/** An application that cannot be looked into runs all the same. */
async function openToObservers(node: Node, terminal: Terminal, entry: string): Promise<void> {
  try {
    await startInspection(node, { entry });
  } catch (error) {
    if (!(error instanceof InspectionError)) throw error;
    terminal.talk(`warning: ${error.message}${error.hint === undefined ? "" : ` (hint: ${error.hint})`}`);
  }
}

async function stopOn(
  signal: StopSignal,
  node: Node,
  app: Application,
  terminal: Terminal,
  { stopTimeoutMs }: RunOptions,
): Promise<void> {
  terminal.talk(`${signal}: stopping ${app.name}; again to force`);
  const deadline = Promise.withResolvers<"deadline">();
  // Not unreferenced: if the event loop ran empty first, a failed stop would look like a clean one.
  const timer = setTimeout(() => deadline.resolve("deadline"), stopTimeoutMs);
  const outcome = await Promise.race([stopApplication(app).then(undefined, failedStop), deadline.promise]);
  clearTimeout(timer);
  if (outcome instanceof CommandError) throw outcome;
  if (outcome !== "deadline") return;
  const left = node.processCount;
  node.halt();
  throw new CommandError(
    "ERR_STOP_DEADLINE",
    `Cannot stop ${app.name} within ${shortDuration(stopTimeoutMs)}: ${left} processes were killed`,
    {
      hint: "give it longer with --stop-timeout, or its children shorter shutdown times",
    },
  );
}

function failedStop(thrown: unknown): CommandError {
  const reason = thrown instanceof ExitException ? thrown.reason : thrown;
  // As in OTP: the reason with which it ended, and what it had been asked.
  const own: unknown = Array.isArray(reason) ? reason[0] : reason;
  return new CommandError("ERR_APPLICATION", `The application failed while it stopped: ${explainReason(own)}`, {
    cause: thrown,
  });
}
