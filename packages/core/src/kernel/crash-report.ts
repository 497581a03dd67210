// The default look of a crash: what a person reads on stderr when nobody subscribes to anything.

import type { CrashReport } from "./events.ts";
import type { Node } from "./node.ts";
import type { Process } from "./process.ts";

/** One unexpected end, with what is known of it. */
export function formatCrash(report: CrashReport, node: Node): string {
  const name = report.name === undefined ? "" : `${report.name} `;
  const lines = [
    `✝ ${name}${String(report.pid)} ${report.entry} ended unexpectedly   ${time(node)}  node ${node.name}`,
    `  reason     ${indent(explainReason(report.reason))}`,
  ];
  if (report.handling !== undefined) lines.push(`  handling   ${brief(report.handling)}`);
  if (report.state !== undefined) lines.push(`  state      ${brief(report.state)}   before that message`);
  if (report.queueLength > 0) lines.push(`  mailbox    ${report.queueLength} waiting, lost: ${report.waiting.map(brief).join(" · ")}`);
  if (report.ancestors.length > 0) lines.push(`  ancestors  ${report.ancestors.map(String).join(" < ")}`);
  if (report.links.length > 0) lines.push(`  links      ${report.links.map(String).join(" ")}`);
  lines.push(`  work       ${report.reductions} reductions in ${Math.round(report.ageMs)} ms`, "");
  return lines.join("\n");
}

/** An error that belongs to no living process. */
export function formatStray(error: unknown, pid: Process | null, node: Node): string {
  const whose = pid === null ? "no process" : `${String(pid)}, which has ended`;
  return `! stray error of ${whose}   ${time(node)}  node ${node.name}\n  reason     ${indent(explainReason(error))}\n`;
}

const CAUSES_MAX = 16;

/** An exit reason for people: an error with its stack and causes, anything else as a short literal. Never throws. */
export function explainReason(reason: unknown): string {
  try {
    return explainWithCauses(reason, CAUSES_MAX);
  } catch {
    return UNPRINTABLE;
  }
}

function explainWithCauses(reason: unknown, causesLeft: number): string {
  if (!(reason instanceof Error)) return brief(reason);
  const own = withoutKernelFrames(typeof reason.stack === "string" ? reason.stack : `${reason.name}: ${reason.message}`);
  if (reason.cause === undefined || causesLeft === 0) return own;
  return `${own}\ncaused by ${explainWithCauses(reason.cause, causesLeft - 1)}`;
}

/** The kernel's own frames and Node's say nothing about the crash: a stack ends where they begin. */
function withoutKernelFrames(stack: string): string {
  const lines = stack.split("\n");
  const foreign = lines.findIndex((line) => KERNEL_FRAME.test(line));
  return foreign < 0 ? stack : lines.slice(0, foreign).join("\n");
}

const KERNEL_FRAME = /^\s+at (?:Generator\.next \(<anonymous>\)|.*\(node:internal\/)|@krarup\/core|\/packages\/core\/(?:src|dist)\//;

const BRIEF_LENGTH_MAX = 200;

const UNPRINTABLE = "(unprintable)";

/** A value on one line, cut to a bounded length. Never throws. */
export function brief(value: unknown): string {
  const text = literal(value);
  return text.length > BRIEF_LENGTH_MAX ? `${text.slice(0, BRIEF_LENGTH_MAX - 1)}…` : text;
}

function literal(value: unknown): string {
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    const text: string | undefined = JSON.stringify(value, (_key, part: unknown) => printablePart(part));
    return text ?? String(value);
  } catch {
    return UNPRINTABLE;
  }
}

/** What JSON would lose: a bigint, and an error inside a tuple. */
function printablePart(part: unknown): unknown {
  if (typeof part === "bigint") return `${part}n`;
  return part instanceof Error ? `${part.name}: ${part.message}` : part;
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n             ");
}

function time(node: Node): string {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" }).format(node.platform.systemTime());
}
