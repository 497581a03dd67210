// What the running example has claimed. Most claims stand inside a process, where a failed check would only crash that
// process; so they are written down here, and the test reads them.

import { expect } from "vitest";

interface Ledger {
  readonly reached: Set<number>;
  readonly failures: unknown[];
}

let ledger: Ledger = { reached: new Set(), failures: [] };

/** Opens a fresh ledger for the next example. */
export function openLedger(): Ledger {
  ledger = { reached: new Set(), failures: [] };
  return ledger;
}

/** The example says that `actual` equals `expected`. */
export function claim(line: number, actual: unknown, expected: unknown): void {
  check(line, () => expect(actual, `line ${line}`).toEqual(expected));
}

/** The example says that `thrown` was thrown, with `code` if it names one. */
export function claimThrown(line: number, thrown: unknown, code?: string): void {
  check(line, () => {
    expect(thrown, `line ${line} throws`).toBeDefined();
    if (code !== undefined) expect(thrown, `line ${line}`).toMatchObject({ code });
  });
}

function check(line: number, assertion: () => void): void {
  ledger.reached.add(line);
  try {
    assertion();
  } catch (error) {
    ledger.failures.push(error);
    throw error;
  }
}
