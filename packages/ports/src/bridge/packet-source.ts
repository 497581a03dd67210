import type { Driver, DriverState } from "../port/driver.ts";

/** The driver of what only gives: nothing can be written to it. */
export abstract class PacketSource<P> implements Driver<P> {
  abstract readonly label: string;
  readonly state: DriverState = { type: "open" };
  readonly writeFailure = "epipe";
  readonly isFull = false;
  readonly exitStatus = null;
  hasEnded = false;
  readFailure: string | null = null;
  #changed: () => void = () => undefined;

  abstract read(): P | null;
  abstract destroy(): void;

  listen(changed: () => void): void {
    this.#changed = changed;
  }

  close(): void {
    this.destroy();
  }

  write(): void {
    // `writeFailure` is the answer.
  }

  closeWrite(): void {
    // It has no such side.
  }

  /** Call when something may have changed. */
  protected changed(): void {
    this.#changed();
  }
}

/** Packets of these ports are values, and have no bytes to count. */
export function noBytes(): number {
  return 0;
}
