// The handler that writes to a stream of the program, and what protects the program from it.
//
//   event ─► folded? ─► burst limit ─► text ─► the stream takes it: written, by whoever logs
//                                              the reader is behind: queued, and written when it has caught up
//                                              the queue is full: dropped
//
// OTP's handlers are processes, which fall behind when they are sent more than they write: so OTP changes from sending to calling, to dropping,
// to flushing the mailbox, as that grows. Here whoever logs writes by itself, which slows it down as OTP's calling does; nothing falls behind but
// the reader of the stream. So there are two of the modes, by the length of our own queue, and nothing to flush. What is dropped is
// counted and told of.

import type { Node } from "../../kernel/node.ts";
import type { Suspension } from "../../kernel/operation.ts";
import { startProcess } from "../../kernel/spawn.ts";
import { isLiving, type Process } from "../../kernel/process.ts";
import { KrarupError } from "../../values/errors.ts";
import { Burst, type BurstLimit } from "./log-burst.ts";
import type { LogEvent } from "./log-event.ts";
import { FOLD_MS, Folding } from "./log-folding.ts";
import type { LogHandler } from "./log-handler.ts";
import { prettyEvent } from "./log-pretty.ts";

/** How a stream handler differs from the default one. */
export interface StreamHandlerOptions extends Pick<LogHandler, "level" | "filters" | "filterDefault"> {
  /** Default `"stderr"`. */
  readonly stream?: "stdout" | "stderr";
  /** Makes text of an event, with its line feed; default `prettyEvent`. `jsonEvent` makes JSON lines. */
  readonly format?: (event: LogEvent) => string;
  /** Events written in a window of time at most; more are dropped and counted. */
  readonly burst?: BurstLimit;
  /** Events kept while the reader of the stream is behind; more are dropped and counted. Default 200, as in OTP. */
  readonly queueLengthMax?: number;
  /** Bytes that the stream may hold before its reader counts as behind; default 65,536. */
  readonly backlogBytesMax?: number;
  /** Milliseconds within which repeats of a crash, a stray error or a report are counted instead of written; default 10,000; 0 for never. */
  readonly foldMs?: number;
}

/**
 * Makes a handler that writes events to a stream of the program. It belongs to one node.
 *
 * @remarks
 * **Ordering.** Events appear in the order of logging.
 * **Waiting.** Nobody waits. While the reader of the stream is behind, events queue up; beyond a limit they are dropped and counted.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/logger_std_h.html | logger_std_h}. Differs from OTP: it is no process, so there is no
 * mailbox to flush and no synchronous mode, see the guide on logging.
 */
export function streamHandler(options: StreamHandlerOptions = {}): LogHandler {
  const { level, filters, filterDefault } = options;
  const writer = new StreamWriter(options);
  return {
    ...(level === undefined ? {} : { level }),
    ...(filters === undefined ? {} : { filters }),
    ...(filterDefault === undefined ? {} : { filterDefault }),
    log: (event, node) => writer.log(event, node),
    flush: (node) => writer.look(node, true),
  };
}

/** Milliseconds between two looks at a queue. */
const QUEUE_LOOK_MS = 100;

/** Milliseconds between two looks at what is only counted. */
const COUNT_LOOK_MS = 1_000;

class StreamWriter {
  readonly #stream: "stdout" | "stderr";
  readonly #format: (event: LogEvent) => string;
  readonly #burst: Burst;
  readonly #folding: Folding;
  readonly #queueLengthMax: number;
  readonly #backlogBytesMax: number;
  #queue: string[] = [];
  /** Events for which the queue was too full. */
  #overflow = 0;
  /** Comes back to what waits or is counted, as long as something is. */
  #keeper: Process | null = null;

  constructor(options: StreamHandlerOptions) {
    this.#stream = options.stream ?? "stderr";
    this.#format = options.format ?? prettyEvent;
    this.#burst = new Burst(options.burst ?? {});
    this.#folding = new Folding(options.foldMs ?? FOLD_MS);
    this.#queueLengthMax = options.queueLengthMax ?? 200;
    this.#backlogBytesMax = options.backlogBytesMax ?? 65_536;
  }

  log(event: LogEvent, node: Node): void {
    this.look(node);
    const nowMs = node.now();
    if (!this.#folding.absorbs(event, nowMs) && this.#burst.admits(nowMs)) this.#put(event, node);
    if (this.isPending) this.#keep(node);
  }

  /** Whether something waits, or was counted and not told of. */
  get isPending(): boolean {
    return this.isQueueing || this.#folding.isPending || this.#burst.isPending;
  }

  /** Whether something waits for the reader of the stream. */
  get isQueueing(): boolean {
    return this.#queue.length > 0 || this.#overflow > 0;
  }

  /** Writes what can be written now; with `isLast` all there is. */
  look(node: Node, isLast = false): void {
    if (!this.isPending) return;
    const nowMs = node.now();
    this.#drain(node, isLast);
    for (const repeat of this.#folding.due(nowMs, isLast)) this.#put(stamped(repeat, node), node);
    const dropped = this.#burst.takeDropped(nowMs, isLast);
    if (dropped > 0) this.#put(notice(`${dropped} events dropped: more than the burst limit`, node), node);
    if (isLast) this.#drain(node, true);
  }

  #drain(node: Node, isLast: boolean): void {
    let written = 0;
    for (const text of this.#queue) {
      if (!isLast && this.#isBehind(node)) break;
      node.platform.write(this.#stream, text);
      written++;
    }
    this.#queue = this.#queue.slice(written);
    if (this.#overflow === 0 || this.#queue.length > 0) return;
    const text = `${this.#overflow} events dropped: the reader of ${this.#stream} was behind`;
    this.#overflow = 0;
    this.#put(notice(text, node), node);
  }

  #put(event: LogEvent, node: Node): void {
    const text = this.#format(event);
    if (this.#queue.length === 0 && !this.#isBehind(node)) node.platform.write(this.#stream, text);
    else if (this.#queue.length < this.#queueLengthMax) this.#queue.push(text);
    else this.#overflow++;
  }

  #isBehind({ platform }: Node): boolean {
    return (platform.backlogBytes?.(this.#stream) ?? 0) > this.#backlogBytesMax;
  }

  /** Where no process can be had, the next event will look. */
  #keep(node: Node): void {
    if (this.#keeper !== null && isLiving(this.#keeper)) return;
    try {
      this.#keeper = startProcess(node, keepsLog, [this], { daemon: true, label: "log" });
      // Nobody's child: it outlives whoever happened to log.
      this.#keeper.parent = null;
    } catch (error) {
      if (!(error instanceof KrarupError)) throw error;
    }
  }
}

function* keepsLog(me: Process, writer: StreamWriter): Generator<Suspension, void, void> {
  while (writer.isPending) {
    yield* me.sleep(writer.isQueueing ? QUEUE_LOOK_MS : COUNT_LOOK_MS);
    writer.look(me.node);
  }
}

function stamped(event: LogEvent, { platform }: Node): LogEvent {
  return { ...event, metadata: { ...event.metadata, time: platform.systemTime() } };
}

function notice(text: string, { name, platform }: Node): LogEvent {
  const metadata = { time: platform.systemTime(), node: name, pid: null, name: undefined };
  return { level: "notice", message: { type: "text", text, fields: {} }, metadata };
}
