// The last line of a test run, for people and for machines: `N passed, N failed`.

import type { Reporter } from "vitest/node";

/** A file of tests that has run, as far as it is counted. */
interface RanModule {
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> };
  /** What kept the file from being loaded. */
  errors(): readonly unknown[];
}

/** Prints the closing line when everything has run. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly RanModule[], strayErrors: readonly unknown[]): void {
    console.log(closingLine(modules, strayErrors));
  }
}

/** Counts tests; files that could not be loaded and errors that belong to no test have failed as well. */
export function closingLine(modules: readonly RanModule[], strayErrors: readonly unknown[]): string {
  const states = modules.flatMap(({ children }) => Array.from(children.allTests(), (test) => test.result().state));
  const count = (state: string): number => states.filter((each) => each === state).length;
  const broken = modules.filter((module) => module.errors().length > 0).length;
  const failed = count("failed") + broken + strayErrors.length;
  const skipped = count("skipped");
  const suffix = skipped === 0 ? "" : `, ${skipped} skipped`;
  return `${count("passed")} passed, ${failed} failed${suffix}`;
}
