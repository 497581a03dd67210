// Events for a person at a terminal.
//
//   12:04:11.340 info   till open  drawer=3  <0.12.0>
//
//   ✝ mailer <0.812.0> mailer ended unexpectedly   12:04:11.340  node shop
//     reason     SmtpError: ETIMEDOUT
//                    at deliver (src/mailer.ts:41:11)
//     …
//     supervisor root: one_for_one, restart 1/3 in 5 s → <0.99.0>

import type { Report } from "../../kernel/events.ts";
import { brief, explainReason } from "../../kernel/explain.ts";
import { decisionText, type SupervisorDecision, supervisionText } from "./log-decision.ts";
import { contextOf, type LogEvent, type LogFields, type LogMessage, type LogMetadata } from "./log-event.ts";

type CrashMessage = Extract<LogMessage, { readonly type: "crash" }>;

/**
 * An event as text for people, with a line feed at its end. Control characters are shown and not sent to the terminal, and every line of an event
 * but the first is indented: so what a program logs of its input cannot pass for an event.
 */
export function prettyEvent(event: LogEvent): string {
  return `${paragraph(event).replaceAll(CONTROL_CHARACTERS, shown)}\n`;
}

/** All but the line feed and the tab. */
const CONTROL_CHARACTERS = /(?![\n\t])\p{Cc}/gu;

function shown(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function paragraph(event: LogEvent): string {
  const { level, message, metadata } = event;
  switch (message.type) {
    case "text":
      return indented(
        [
          `${clock(metadata)} ${level.padEnd(7)} ${message.text}`,
          ...pairs({ ...contextOf(metadata), ...message.fields }),
          ...who(metadata),
        ].join("  "),
      );
    case "crash":
      return crash(message, metadata);
    case "stray": {
      const whose = message.pid === null ? "no process" : `${String(message.pid)}, which has ended`;
      return `! stray error of ${whose}${place(metadata)}\n  reason     ${indented(explainReason(message.error))}`;
    }
    case "report":
      return `${level === "error" ? "!" : "·"} ${reportText(message.report)}${place(metadata)}`;
    case "repeat":
      return `${firstLine(message.of)}   ×${message.count} more in ${Math.round(message.withinMs / 100) / 10} s`;
  }
}

function crash({ report, lines, supervision }: CrashMessage, metadata: LogMetadata): string {
  const name = report.name === undefined ? "" : `${report.name} `;
  const text = [
    `✝ ${name}${String(report.pid)} ${report.entry} ended unexpectedly${place(metadata)}`,
    `  reason     ${indented(explainReason(report.reason))}`,
  ];
  if (report.handling !== undefined) text.push(`  handling   ${brief(report.handling)}`);
  if (report.state !== undefined) text.push(`  state      ${brief(report.state)}   before that message`);
  if (report.queueLength > 0)
    text.push(`  mailbox    ${report.queueLength} waiting, lost: ${report.waiting.map(brief).join(" · ")}`);
  if (report.ancestors.length > 0) text.push(`  ancestors  ${report.ancestors.map(String).join(" < ")}`);
  if (report.links.length > 0) text.push(`  links      ${report.links.map(String).join(" ")}`);
  for (const [at, line] of lines.slice(-LINES_SHOWN).entries())
    text.push(`  ${at === 0 ? "last lines" : "          "} ${indented(paragraph(line))}`);
  text.push(`  work       ${report.reductions} reductions in ${Math.round(report.ageMs)} ms`);
  if (supervision !== undefined) text.push(`  supervisor ${supervisionText(supervision)}`);
  return text.join("\n");
}

/** Lines of the process that its crash report shows. */
const LINES_SHOWN = 5;

/** What a report says, on one line. Those of supervisors have words of their own. */
export function reportText({ label, details }: Report): string {
  const { supervisor, reason, offender, started, decision } = details;
  const [whose, child] = [`supervisor ${String(supervisor)}`, childText(offender ?? started)];
  switch (label) {
    case "progress":
      return `${whose} has started ${child}`;
    case "child_terminated":
      // With this label supervisors report nothing else.
      return `${whose}: ${child} has ended: ${brief(reason)}, ${decisionText(decision as SupervisorDecision)}`;
    case "start_error":
      return `${whose}: ${child} does not start: ${brief(reason)}`;
    case "shutdown":
      return `${whose} gives up: ${brief(reason)}, last by ${child}`;
    case "shutdown_error":
      return `${whose}: ${child} has not ended as it was told to: ${brief(reason)}`;
    default:
      return [label, ...pairs(details)].join("  ");
  }
}

function childText(description: unknown): string {
  if (typeof description !== "object" || description === null) return "a child";
  const { id, pid }: { readonly id?: unknown; readonly pid?: unknown } = description;
  return ["child", ...[id, pid].filter((part) => part !== undefined).map(String)].join(" ");
}

function firstLine(event: LogEvent): string {
  const { message } = event;
  if (message.type !== "crash") return paragraph(event).split("\n")[0] ?? "";
  const { name, entry, reason } = message.report;
  return `✝ ${name ?? entry} ended unexpectedly: ${brief(reason)}`;
}

function pairs(fields: LogFields): string[] {
  return Object.entries(fields).map(([key, value]) => `${key}=${typeof value === "string" ? value : brief(value)}`);
}

function who({ name, pid }: LogMetadata): string[] {
  if (pid === null) return [];
  return [name === undefined ? String(pid) : `${name} ${String(pid)}`];
}

function place(metadata: LogMetadata): string {
  return `   ${clock(metadata)}  node ${metadata.node}`;
}

/** In UTC. */
function clock({ time }: LogMetadata): string {
  return new Date(time).toISOString().slice(11, 23);
}

/** As far as the second column of a crash. */
const INDENTED_LINE = "\n             ";

function indented(text: string): string {
  return text.replaceAll("\n", INDENTED_LINE);
}
