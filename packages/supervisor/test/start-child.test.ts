import { exit, spawn, spawnLink, StartError } from "@krarup/core";
import { type ChildSpec, Supervisor } from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { idle, Stage } from "./stage.ts";

function resultOf(stage: Stage, start: unknown): unknown {
  const supervisor = stage.start({});
  // What does not compile may still arrive from JavaScript.
  const spec: ChildSpec = { id: "x", start: start as ChildSpec["start"] };
  return stage.ask(() => Supervisor.startChild(supervisor, spec));
}

describe("a start function", () => {
  it("may return a pid, an operation, or a generator that waits", () => {
    const stage = new Stage();
    const [a, b, c] = ["a", "b", "c"].map((name) => stage.anonymous(name).start);
    const forms = [
      () => spawnLink(idle),
      a,
      function* () {
        // An anonymous child is started by an operation.
        yield* b?.() as Iterable<never>;
        return spawnLink(idle);
      },
      c,
    ];
    for (const form of forms) expect(resultOf(stage, form)).toMatchObject({ type: "ok" });
  });

  it.each([
    ["throws an error", () => void JSON.parse("{"), ["EXIT", { name: "SyntaxError" }]],
    ["raises an exit", () => exit("no"), ["EXIT", "no"]],
    [
      "throws a StartError",
      () => {
        throw new StartError("no");
      },
      "no",
    ],
    [
      "throws a value",
      () => {
        // oxlint-disable-next-line no-throw-literal -- it is what is tested
        throw "no";
      },
      "no",
    ],
    ["returns no pid", () => "pid", ["EXIT", { code: "ERR_BAD_ARGUMENT" }]],
    ["returns a promise", () => Promise.resolve(), ["EXIT", { code: "ERR_BAD_ARGUMENT" }]],
    ["forgets the link", () => spawn(idle), ["EXIT", { code: "ERR_BAD_ARGUMENT" }]],
  ])("that %s fails with its reason", (_what, start, reason) => {
    expect(resultOf(new Stage(), start)).toMatchObject({ type: "failed", reason });
  });

  it("may throw what cannot be sent", () => {
    const start = () => {
      throw Object.assign(new Error("odd"), { own: () => 1 });
    };
    expect(resultOf(new Stage(), start)).toMatchObject({ type: "failed", reason: ["EXIT", { message: "odd" }] });
  });

  it("may return the pid of a child that has ended already: it counts as ended", () => {
    const stage = new Stage();
    const supervisor = stage.start({ intensity: 0 });
    const start = function* () {
      const pid = spawnLink(() => undefined);
      yield* Supervisor.startLink({});
      return pid;
    };
    stage.ask(() => Supervisor.startChild(supervisor, { id: "x", start }));
    expect(stage.state(supervisor)).toBe("shutdown");
  });
});
