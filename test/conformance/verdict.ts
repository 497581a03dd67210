import { IMPLEMENTED } from "./implemented.ts";
import { IN_REAL_TIME } from "./in-real-time.ts";
import { NOT_YET } from "./not-yet.ts";
import { recordedTrace } from "./recorded.ts";
import { performInRealTime } from "./stage/perform-in-real-time.ts";
import { performScenario } from "./stage/perform-scenario.ts";

/** How a scenario stands against its recorded trace. */
export type Verdict =
  | { readonly type: "equal" }
  | { readonly type: "different"; readonly actual: string; readonly expected: string }
  | { readonly type: "not yet"; readonly reason: string };

/** Performs the scenario `name` and compares. A script that fails counts as different, with its error as trace. */
export async function judge(name: string): Promise<Verdict> {
  const perform = performanceOf(name);
  if (perform === null) return { type: "not yet", reason: NOT_YET[name] ?? "nobody has said" };
  const expected = recordedTrace(name);
  const actual = await traceOrError(perform);
  return actual === expected ? { type: "equal" } : { type: "different", actual, expected };
}

function performanceOf(name: string): (() => string | Promise<string>) | null {
  const scenario = IMPLEMENTED[name];
  if (scenario !== undefined) return () => performScenario(scenario);
  const inRealTime = IN_REAL_TIME[name];
  return inRealTime === undefined ? null : () => performInRealTime(inRealTime);
}

async function traceOrError(perform: () => string | Promise<string>): Promise<string> {
  try {
    return await perform();
  } catch (error) {
    return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  }
}
