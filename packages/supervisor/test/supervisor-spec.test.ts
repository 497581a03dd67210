import { Supervisor, SpecError, type SupervisorSpec } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { checkSupervisorSpec } from "../src/supervisor-spec.ts";
import { Stage } from "./stage.ts";

function refusalOf(spec: unknown): SpecError {
  try {
    // What does not compile may still arrive from JavaScript.
    void Supervisor.startLink(spec as SupervisorSpec);
  } catch (error) {
    if (error instanceof SpecError) return error;
  }
  throw new Error("not refused");
}

describe("checkSupervisorSpec", () => {
  it("fills in the defaults", () => {
    const start = () => ({}) as never;
    const { children, ...flags } = checkSupervisorSpec({
      children: [
        { id: "w", start },
        { id: "s", start, type: "supervisor" },
      ],
    });
    expect(flags).toEqual({
      strategy: "one_for_one",
      intensity: 3,
      periodMs: 5_000,
      autoShutdown: "never",
      name: undefined,
    });
    const common = { start, restart: "permanent", significant: false };
    expect(children).toEqual([
      { ...common, id: "w", type: "worker", shutdown: 5_000 },
      { ...common, id: "s", type: "supervisor", shutdown: "infinity" },
    ]);
  });
});

describe("startLink refuses", () => {
  const start = () => undefined;
  const child = { id: "a", start };

  it.each([
    [undefined, ["invalid_type", undefined]],
    [[{ id: "a", start: 1 }], ["invalid_type", [{ id: "a", start: 1 }]]],
    [{ children: 5 }, ["invalid_children", 5]],
    [{ strategy: "one_for_none" }, ["invalid_strategy", "one_for_none"]],
    [{ intensity: -1 }, ["invalid_intensity", -1]],
    [{ periodMs: "5s" }, ["invalid_period", "5s"]],
    [{ autoShutdown: "some" }, ["invalid_auto_shutdown", "some"]],
  ])("the flags %j", (spec, reason) => {
    expect(refusalOf(spec)).toMatchObject({
      code: "ERR_INVALID_SUPERVISOR_SPEC",
      reason: ["supervisor_data", reason],
    });
  });

  it.each([
    [
      [child, child],
      ["duplicate_child_name", "a"],
    ],
    [[null], ["invalid_child_spec", null]],
    [[{ start }], "missing_id"],
    [[{ id: {}, start }], ["invalid_id", {}]],
    [[{ id: "a" }], "missing_start"],
    [[{ id: "a", start: "f" }], ["invalid_start", "f"]],
    [[{ ...child, restart: "always" }], ["invalid_restart_type", "always"]],
    [[{ ...child, shutdown: Number.NaN }], ["invalid_shutdown", Number.NaN]],
    [[{ ...child, type: "boss" }], ["invalid_child_type", "boss"]],
    [[{ ...child, significant: 1 }], ["invalid_significant", 1]],
  ])("the children %j", (children, reason) => {
    expect(refusalOf({ children })).toMatchObject({ code: "ERR_INVALID_CHILD_SPEC", reason: ["start_spec", reason] });
  });

  it("a permanent child that is significant, and a significant one without autoShutdown", () => {
    const significant = { ...child, significant: true };
    expect(refusalOf({ children: [{ ...significant, restart: "transient" }] }).reason).toEqual([
      "start_spec",
      ["bad_combination", { auto_shutdown: "never", significant: true }],
    ]);
    expect(refusalOf({ autoShutdown: "any_significant", children: [significant] }).reason).toEqual([
      "start_spec",
      ["bad_combination", { restart: "permanent", significant: true }],
    ]);
  });

  it("before any child is started, and says what must hold and what is there instead", () => {
    const stage = new Stage();
    const { message } = refusalOf({ children: [stage.child("a"), { ...child, shutdown: -1 }] });
    expect(message).toBe(
      "Cannot start supervisor as shutdown must be milliseconds >= 0, brutal_kill or infinity: current value is -1",
    );
    stage.settle();
    expect(stage.take()).toEqual([]);
  });
});
