// `npm run conformance`        a table per theme, and how many traces are equal
// `npm run conformance NAME`   the differences of one trace

import { describedScenarios } from "./recorded.ts";
import { judge, type Verdict } from "./verdict.ts";

const MARKS: Readonly<Record<Verdict["type"], string>> = {
  equal: "=",
  different: "≠",
  "not yet": "·",
};

async function main(name: string | undefined): Promise<void> {
  if (name === undefined) await printAll();
  else print(describeVerdict(name, await judge(name)));
}

async function printAll(): Promise<void> {
  const scenarios = describedScenarios();
  const verdicts: { readonly theme: string; readonly name: string; readonly verdict: Verdict }[] = [];
  for (const { theme, name } of scenarios) verdicts.push({ theme, name, verdict: await judge(name) });
  for (const theme of new Set(scenarios.map((scenario) => scenario.theme))) {
    const own = verdicts.filter((entry) => entry.theme === theme);
    const counts = Object.keys(MARKS).map((type) => `${countOf(own, type)} ${type}`);
    print(`${theme.padEnd(12)} ${counts.join(", ")}`);
    for (const { name, verdict } of own) {
      const note = verdict.type === "not yet" ? `  ${verdict.reason}` : "";
      print(`  ${MARKS[verdict.type]} ${name}${note}`);
    }
  }
  print(`${countOf(verdicts, "equal")} of ${scenarios.length} traces equal`);
  if (countOf(verdicts, "different") > 0) process.exitCode = 1;
}

function countOf(entries: readonly { readonly verdict: Verdict }[], type: string): number {
  return entries.filter(({ verdict }) => verdict.type === type).length;
}

function describeVerdict(name: string, verdict: Verdict): string {
  switch (verdict.type) {
    case "equal":
      return `${name}: equal`;
    case "not yet":
      return `${name}: not yet: ${verdict.reason}`;
    case "different":
      process.exitCode = 1;
      return `${name}: different\n${sideBySide(verdict.expected, verdict.actual)}`;
  }
}

/** Line by line: `  ` where both agree, `- ` what was recorded, `+ ` what was seen here. */
function sideBySide(expected: string, actual: string): string {
  const [wanted, seen] = [expected.split("\n"), actual.split("\n")];
  const lines: string[] = [];
  for (let i = 0; i < Math.max(wanted.length, seen.length); i++) {
    if (wanted[i] === seen[i]) lines.push(`  ${wanted[i]}`);
    else lines.push(`- ${wanted[i] ?? "(nothing)"}`, `+ ${seen[i] ?? "(nothing)"}`);
  }
  return lines.join("\n");
}

function print(text: string): void {
  console.log(text);
}

await main(process.argv[2]);
