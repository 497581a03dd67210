import type { CrashSupervision, SupervisorDecision } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { decisionText, supervisionText } from "../../../src/behaviours/log/log-decision.ts";
import { crashOf } from "./logged-event.ts";

const COUNT = { restarts: 1, intensity: 3, periodMs: 5_500 };
const RESTART: SupervisorDecision = { do: "restart", strategy: "rest_for_one", ...COUNT };

describe("decisionText", () => {
  it.each<[SupervisorDecision, string]>([
    [RESTART, "restart 1/3 in 5.5 s"],
    [{ do: "give_up", ...COUNT, restarts: 4 }, "gives up at restart 4/3 in 5.5 s"],
    [{ do: "restart_later", delayMs: 199.6 }, "restart in 200 ms"],
    [{ do: "forget", restart: "transient" }, "not restarted, as it is transient"],
  ])("says %j in a few words", (decision, text) => {
    expect(decisionText(decision)).toBe(text);
  });
});

describe("supervisionText", () => {
  const { pid } = crashOf("boom");

  it.each<[CrashSupervision, string]>([
    [
      { supervisor: "root", decision: RESTART, restartedAs: pid },
      `root: rest_for_one, restart 1/3 in 5.5 s → ${String(pid)}`,
    ],
    [
      { supervisor: pid, decision: { do: "restart_later", delayMs: 5 }, restartedAs: undefined },
      `${String(pid)}: restart in 5 ms`,
    ],
  ])("says whose decision it was, and who has taken the place: %#", (supervision, text) => {
    expect(supervisionText(supervision)).toBe(text);
  });
});
