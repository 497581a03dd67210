// The driver of the program's own standard input and output. They are not ours: when the port lets go they stay open, and another may go on.

import type { Readable, Writable } from "node:stream";
import type { DriverState } from "../port/driver.ts";
import type { StdioSettings } from "./stdio.ts";
import { StreamDriver } from "./stream-driver.ts";

/** The program has one standard input, whatever number of nodes it has. */
let holder: StdioDriver | null = null;
let isForgiven = false;
/** What the last port had read and not used. It is not put back into the stream, which takes nothing after its end. */
let rest: Uint8Array | null = null;

/** Standard input and output of the program as a stream. */
export class StdioDriver extends StreamDriver {
  readonly #isRaw: boolean;
  #leave: () => void = () => undefined;

  /** Takes them, if they are free. */
  static open({ raw }: StdioSettings): StdioDriver {
    const code = refusal(raw);
    if (code !== null) return new StdioDriver(raw, { type: "failed", code });
    forgive();
    // StreamDriver listens for good, as its streams mostly end with it.
    const before = listeners();
    const driver = new StdioDriver(raw, { type: "open" });
    driver.#leave = () => takeAway(listeners().filter((each) => !before.includes(each)));
    holder = driver;
    process.stdin.unref?.();
    if (raw) process.stdin.setRawMode(true);
    return driver;
  }

  private constructor(raw: boolean, state: DriverState) {
    super("stdio", state.type === "open" ? sides() : { source: null, sink: null }, state);
    this.#isRaw = raw;
  }

  override read(): Uint8Array | null {
    const first = rest;
    rest = null;
    return first ?? super.read();
  }

  takeBack(bytes: Uint8Array): void {
    rest = bytes;
  }

  override closeWrite(): void {
    // Others in the program write as well: reports, at the least.
  }

  override close(): void {
    this.destroy();
  }

  /** What was written is with Node, and goes out by itself. The input keeps nobody running, as long as the program does not `ref` it. */
  override destroy(): void {
    if (holder !== this) return;
    holder = null;
    this.#leave();
    if (this.#isRaw) process.stdin.setRawMode(false);
  }
}

function refusal(raw: boolean): string | null {
  if (holder !== null) return "ebusy";
  return raw && !process.stdin.isTTY ? "enotty" : null;
}

/** An input that has ended and an output that has broken tell nobody who comes later. */
function sides(): { readonly source: Readable | null; readonly sink: Writable | null } {
  const { stdin, stdout } = process;
  return { source: stdin.readableEnded || stdin.destroyed ? null : stdin, sink: stdout.destroyed ? null : stdout };
}

type Listener = (...args: unknown[]) => void;

const EVENTS = ["readable", "end", "close", "error", "drain"];

function listeners(): Listener[] {
  return EVENTS.flatMap((event) => [...process.stdin.listeners(event), ...process.stdout.listeners(event)]);
}

function takeAway(those: readonly Listener[]): void {
  for (const stream of [process.stdin, process.stdout])
    for (const event of EVENTS)
      for (const each of stream.listeners(event)) if (those.includes(each)) stream.off(event, each);
}

/** What breaks after the port has let go is nobody's error. */
function forgive(): void {
  if (isForgiven) return;
  isForgiven = true;
  for (const stream of [process.stdin, process.stdout]) stream.on("error", () => undefined);
}
