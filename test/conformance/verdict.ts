import { IMPLEMENTED } from "./implemented.ts";
import { NOT_YET } from "./not-yet.ts";
import { recordedTrace } from "./recorded.ts";
import { performScenario } from "./stage/perform-scenario.ts";

/** How a scenario stands against its recorded trace. */
export type Verdict =
  | { readonly type: "equal" }
  | { readonly type: "different"; readonly actual: string; readonly expected: string }
  | { readonly type: "not yet"; readonly reason: string };

/** Performs the scenario `name` and compares. A script that fails counts as different, with its error as trace. */
export function judge(name: string): Verdict {
  const scenario = IMPLEMENTED[name];
  if (scenario === undefined)
    return { type: "not yet", reason: NOT_YET[name] ?? "nobody has said" };
  const expected = recordedTrace(name);
  const actual = traceOrError(() => performScenario(scenario));
  return actual === expected ? { type: "equal" } : { type: "different", actual, expected };
}

function traceOrError(perform: () => string): string {
  try {
    return perform();
  } catch (error) {
    return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  }
}
