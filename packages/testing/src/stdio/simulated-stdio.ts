// Standard input and output of the node of a machine: a test types, and what is written is the node's output. It is no terminal.

import { ByteQueue, type Driver, type DriverState, type Stdio, type StdioSettings } from "@krarup/ports/internal";

/** What a test types, and who has it. */
export class SimulatedStdio implements Stdio {
  readonly #input = new ByteQueue();
  readonly #print: (text: string) => void;
  #hasEnded = false;
  #holder: StdioDriver | null = null;

  /** @param print - takes what is written */
  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  open({ raw }: StdioSettings): Driver {
    const code = this.#holder !== null ? "ebusy" : raw ? "enotty" : null;
    const driver = new StdioDriver(this, code === null ? { type: "open" } : { type: "failed", code });
    if (code === null) this.#holder = driver;
    return driver;
  }

  type(text: string): void {
    this.#input.push(Buffer.from(text));
    this.#holder?.changed();
  }

  end(): void {
    this.#hasEnded = true;
    this.#holder?.changed();
  }

  get hasEnded(): boolean {
    return this.#hasEnded && this.#input.length === 0;
  }

  take(): Uint8Array | null {
    const { length } = this.#input;
    return length === 0 ? null : this.#input.take(length).slice();
  }

  /** Puts `bytes` before what has come. */
  takeBack(bytes: Uint8Array): void {
    const later = this.take();
    this.#input.push(bytes);
    if (later !== null) this.#input.push(later);
  }

  print(bytes: Uint8Array): void {
    this.#print(Buffer.from(bytes).toString());
  }

  leave(driver: StdioDriver): void {
    if (this.#holder === driver) this.#holder = null;
  }
}

/** They stay when the port lets go, and another may go on. */
class StdioDriver implements Driver {
  readonly label = "stdio";
  readonly state: DriverState;
  readonly exitStatus = null;
  readonly readFailure = null;
  readonly writeFailure = null;
  readonly isFull = false;
  readonly #stdio: SimulatedStdio;
  #listener: () => void = () => undefined;

  constructor(stdio: SimulatedStdio, state: DriverState) {
    this.#stdio = stdio;
    this.state = state;
  }

  get hasEnded(): boolean {
    return this.#stdio.hasEnded;
  }

  listen(changed: () => void): void {
    this.#listener = changed;
  }

  changed(): void {
    this.#listener();
  }

  read(): Uint8Array | null {
    return this.#stdio.take();
  }

  takeBack(bytes: Uint8Array): void {
    this.#stdio.takeBack(bytes);
  }

  write(bytes: Uint8Array): void {
    this.#stdio.print(bytes);
  }

  closeWrite(): void {
    // Others in the program write as well.
  }

  close(): void {
    this.destroy();
  }

  destroy(): void {
    this.#stdio.leave(this);
  }
}
