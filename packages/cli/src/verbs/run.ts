// krarup run: an application from start to stop, with the exit code it deserves.
//
//   load ──► open to observers ──► start ──► …  ends by itself ────────────────────────► flush ──► 0, 70
//                                            └─ first SIGINT or SIGTERM ──► stop in order ──► flush ──► 0, 70, 71
//                                                                             └─ second signal ──► 130, 143

import { createNode, jsonEvent, logger, type Node, prettyEvent, setDefaultNode, streamHandler } from "@krarup/core";
import { InspectionError, startInspection } from "@krarup/observer";
import { type Application, stopNode } from "@krarup/supervisor";
import { asPrintable, CommandError, EXIT_CODE_OF } from "../command-error.ts";
import { shortDuration } from "../duration.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { complaintAbout, endOf, type RunEnd, runApplication } from "../run/application-run.ts";
import { flushOutput } from "../run/flush-output.ts";
import { loadEntry, nameOfEntry } from "../run/load-entry.ts";
import { firstStopSignal, type StopSignal } from "../run/stop-signals.ts";
import type { Terminal } from "../show/terminal.ts";

/** What to run, and how to stop it. */
export interface RunOptions {
  readonly entry: string;
  readonly args: readonly string[];
  readonly name: string | undefined;
  /** Of what processes log, and of their crashes. */
  readonly logFormat: "text" | "json";
  readonly stopTimeoutMs: number;
}

/** Runs an application to its end. @returns the exit code; the caller ends the program with it */
export async function run(terminal: Terminal, options: RunOptions): Promise<ExitCode> {
  // Output that nobody reads any more is dropped; the application goes on, and stops when it is told to.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  const node = createNode({ name: options.name ?? nameOfEntry(options.entry), reports: "none" });
  setDefaultNode(node);
  logger.addHandler("default", streamHandler({ format: options.logFormat === "json" ? jsonEvent : prettyEvent }));
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
  const end = typeof first === "string" ? await stopOn(first, node, app, terminal, options) : first;
  const complaint = complaintAbout(end);
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
  { name }: Application,
  terminal: Terminal,
  { stopTimeoutMs }: RunOptions,
): Promise<RunEnd> {
  terminal.talk(`${signal}: stopping ${name}; again to force`);
  const deadline = Promise.withResolvers<"deadline">();
  // Not unreferenced: if the event loop ran empty first, a failed stop would look like a clean one.
  const timer = setTimeout(() => deadline.resolve("deadline"), stopTimeoutMs);
  stopNode();
  const outcome = await Promise.race([endOf(node), deadline.promise]);
  clearTimeout(timer);
  if (outcome !== "deadline") return outcome;
  const left = node.processCount;
  node.halt();
  throw new CommandError(
    "ERR_STOP_DEADLINE",
    `Cannot stop ${name} within ${shortDuration(stopTimeoutMs)}: ${left} processes were killed`,
    {
      hint: "give it longer with --stop-timeout, or its children shorter shutdown times",
    },
  );
}
