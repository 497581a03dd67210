import { createNode, setDefaultNode } from "@krarup/core";
import { describe, expect, it, vi } from "vitest";
import { type Example, generateExamples } from "./generate.ts";
import { openLedger } from "./ledger.ts";

const runnable = generateExamples().filter(({ fence }) => fence.runs);
const documents = Map.groupBy(runnable, ({ fence }) => fence.path);

describe.each([...documents])("%s", (_path, examples) => {
  it.each(examples.map((example) => [example.fence.line, example] as const))(
    "the example at line %i does what it claims",
    async (_line, example) => {
      await run(example);
    },
  );
});

/** Each example has a node of its own, so that none sees another's names and processes. */
async function run({ file, claims }: Example): Promise<void> {
  const ledger = openLedger();
  const node = createNode({ reports: "none" });
  setDefaultNode(node);
  try {
    await import(file);
    // A claim inside a process may be reached later, or never.
    await vi.waitFor(() => {
      if (ledger.failures.length > 0) return;
      expect([...ledger.reached].toSorted(ascending), "lines of claims reached").toEqual(claims);
    });
  } finally {
    node.halt();
  }
  if (ledger.failures.length > 0) throw ledger.failures[0];
}

function ascending(one: number, other: number): number {
  return one - other;
}
