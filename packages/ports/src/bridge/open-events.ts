// Events of an EventTarget or an EventEmitter as packets of a port.

import type { Operation } from "@krarup/core";
import { isolate } from "@krarup/core/internal";
import { misuse } from "../port/check-options.ts";
import { EVENT_QUEUE_MAX } from "../port/limits.ts";
import { openPacketPort, type PacketOptions } from "../port/open-port.ts";
import { codeOf, type PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";
import { noBytes, PacketSource } from "./packet-source.ts";

/** What calls listeners in the manner of Node. */
export interface Emitter {
  on(name: string, listener: (...args: readonly unknown[]) => void): unknown;
  off(name: string, listener: (...args: readonly unknown[]) => void): unknown;
}

/** One event, or how many are missing here because nobody took them in time. */
export type Occurrence<T> =
  | { readonly type: "event"; readonly name: string; readonly value: T }
  | { readonly type: "overflow"; readonly dropped: number };

/** Which events a port has, and what of them. */
export interface EventOptions<T> extends PacketOptions {
  /** What is taken of an event, called where it happens, with what a listener gets; it makes plain data. */
  // A method, so that its parameter may be annotated as the event that one knows it to be.
  select(...args: readonly unknown[]): T;
  /** Events that may wait to be taken; later ones are dropped and counted. Default 1,024. */
  readonly queueMax?: number;
}

/**
 * Makes a port of events, of an `EventTarget` or of an emitter of Node: they are read, or come in `data` messages, as an {@link Occurrence}.
 *
 * @remarks
 * Who emits cannot be held up, so the queue is bounded: where events were dropped stands one `{ type: "overflow", dropped }`. The listeners are
 * there when this returns, and are removed when the port ends, however it ends. Events never end by themselves.
 *
 * When `select` throws or makes what is no plain data, the listeners are removed, and after what waits the port says the error's code in
 * small letters: `"err_not_sendable"`, or `"unknown"`.
 *
 * @param names - types of events
 * @returns the port, which belongs to this process
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for what emits nothing, or an option that makes no sense
 *
 * @example
 * ```ts
 * import { spawn } from "@krarup/core";
 * import { openEvents, orExit, read } from "@krarup/ports";
 *
 * spawn(function* () {
 *   const target = new EventTarget();
 *   const port = yield* orExit(openEvents(target, ["news"], { select: (event: CustomEvent<string>) => event.detail }));
 *   target.dispatchEvent(new CustomEvent("news", { detail: "hello" }));
 *   yield* read(port); // => { type: "event", name: "news", value: "hello" }
 * });
 * ```
 */
export function openEvents<T>(
  source: EventTarget | Emitter,
  names: readonly string[],
  options: EventOptions<T>,
): Operation<Port<Occurrence<T>> | PortError> {
  const { select, queueMax = EVENT_QUEUE_MAX } = options;
  const subscribe = subscriberOf(source);
  if (typeof select !== "function") throw misuse("select must be a function", select);
  if (!Number.isInteger(queueMax) || queueMax < 1) throw misuse("queueMax must be an integer >= 1", queueMax);
  const attempt = { kind: "events", action: "open events", timeoutMs: "infinity" } as const;
  const open = (): EventDriver<T> => new EventDriver(names, subscribe, { select, queueMax });
  return openPacketPort(attempt, options, open, noBytes);
}

type Listener = (...args: readonly unknown[]) => void;

/** Makes `listener` hear of the events called `name`. @returns what ends that */
type Subscribe = (name: string, listener: Listener) => () => void;

function subscriberOf(source: EventTarget | Emitter): Subscribe {
  if (source instanceof EventTarget)
    return (name, listener) => {
      source.addEventListener(name, listener);
      return () => source.removeEventListener(name, listener);
    };
  if (typeof source !== "object" || source === null || !("on" in source && "off" in source))
    throw misuse("events come of an EventTarget or of what has on and off", source);
  return (name, listener) => {
    source.on(name, listener);
    return () => source.off(name, listener);
  };
}

class EventDriver<T> extends PacketSource<Occurrence<T>> {
  readonly label: string;
  readonly #options: Pick<Required<EventOptions<T>>, "select" | "queueMax">;
  readonly #queue: Occurrence<T>[] = [];
  readonly #unsubscribe: (() => void)[];
  /** Events dropped since the last that is in the queue. */
  #dropped = 0;

  constructor(
    names: readonly string[],
    subscribe: Subscribe,
    options: Pick<Required<EventOptions<T>>, "select" | "queueMax">,
  ) {
    super();
    this.label = `events ${names.join(", ")}`;
    this.#options = options;
    this.#unsubscribe = names.map((name) => subscribe(name, (...args) => this.#happened(name, args)));
  }

  read(): Occurrence<T> | null {
    return this.#queue.shift() ?? this.#overflow();
  }

  destroy(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
  }

  #overflow(): Occurrence<T> | null {
    if (this.#dropped === 0) return null;
    const dropped = this.#dropped;
    this.#dropped = 0;
    return { type: "overflow", dropped };
  }

  #happened(name: string, args: readonly unknown[]): void {
    const occurrence = this.#taken(name, args);
    if (occurrence === null) return;
    if (this.#queue.length >= this.#options.queueMax) this.#dropped++;
    else {
      const overflow = this.#overflow();
      if (overflow !== null) this.#queue.push(overflow);
      this.#queue.push(occurrence);
    }
    this.changed();
  }

  /** A copy, at once: whoever emits may go on with what it has given. Nothing may be thrown into it. */
  #taken(name: string, args: readonly unknown[]): Occurrence<T> | null {
    try {
      // A copy has the type of the original.
      return { type: "event", name, value: isolate(this.#options.select(...args)) as T };
    } catch (error) {
      this.readFailure = codeOf(error);
      this.destroy();
      this.changed();
      return null;
    }
  }
}
