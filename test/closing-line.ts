// The last line of a test run, for people and for machines: `N passed, N failed`.

import type { Reporter, TestModule } from "vitest/node";

/** Counts tests, modules that could not be loaded, and errors that belong to no test. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number =>
      tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const failed = count("failed") + broken + strayErrors.length;
    const skipped = count("skipped");
    const suffix = skipped === 0 ? "" : `, ${skipped} skipped`;
    console.log(`${count("passed")} passed, ${failed} failed${suffix}`);
  }
}
