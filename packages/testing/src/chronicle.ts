// What happened outside the nodes, line by line: the same seed gives the same lines.

import type { Agenda } from "./time/agenda.ts";

/** Lines that are kept; of a longer story the beginning goes first. */
const LINES_MAX = 100_000;

/** Characters of what was sent that a line shows. */
const PREVIEW_MAX = 48;

/** The story of one simulation. */
export class Chronicle {
  readonly #agenda: Agenda;
  #lines: string[] = [];

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  tell(what: string): void {
    if (this.#lines.length >= LINES_MAX) this.#lines = this.#lines.slice(LINES_MAX / 2);
    this.#lines.push(`${this.#agenda.nowMs.toFixed(3).padStart(10)}  ${what}`);
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }
}

/** Bytes for people: how many, and how they begin. */
export function showBytes(bytes: Uint8Array): string {
  const text = JSON.stringify(Buffer.from(bytes.subarray(0, PREVIEW_MAX)).toString("latin1"));
  return `${bytes.length} bytes ${text}${bytes.length > PREVIEW_MAX ? "…" : ""}`;
}
