// What was recorded: scenarios.md lists the scenarios by theme, and expected/ holds one trace for each.

import { readdirSync, readFileSync } from "node:fs";

/** One scenario of scenarios.md. */
export interface Recorded {
  readonly theme: string;
  readonly name: string;
}

/** Every scenario that scenarios.md describes, in its order. */
export function describedScenarios(): Recorded[] {
  const text = readFileSync(new URL("scenarios.md", import.meta.url), "utf8");
  const found: Recorded[] = [];
  let theme = "";
  for (const [, heading, title] of text.matchAll(/^(## Theme|###) (\w+)$/gm)) {
    if (title === undefined) continue;
    if (heading === "## Theme") theme = title;
    else found.push({ theme, name: title });
  }
  return found;
}

/** Names of the traces in expected/, sorted. */
export function recordedNames(): string[] {
  return readdirSync(new URL("expected/", import.meta.url))
    .map((file) => file.replace(/\.trace$/, ""))
    .toSorted();
}

/** The trace that the BEAM left. */
export function recordedTrace(name: string): string {
  return readFileSync(new URL(`expected/${name}.trace`, import.meta.url), "utf8");
}
