import { type CrashReport, exit, link, register, type Self, send, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { idle, laboratory } from "../laboratory.ts";

describe("a crash report", () => {
  it("says who, why and what is lost", () => {
    const { run, node } = laboratory();
    const reports: CrashReport[] = [];
    node.subscribe(["crash"], (event) => {
      if (event.type === "crash") reports.push(event.report);
    });
    const peer = run(idle);
    const pid = run(function* fragile(self: Self<number>) {
      self.setLabel("shard 1");
      register("fragile", self);
      for (const n of [1, 2, 3, 4]) send(self, n);
      link(peer);
      throw new Error("boom");
    });
    const [report] = reports;
    expect(reports).toHaveLength(1);
    expect([report?.pid === pid, report?.links.map(String), report?.ancestors]).toEqual([true, [String(peer)], []]);
    expect({ ...report, pid: 0, links: 0 }).toMatchObject({
      name: "fragile",
      label: "shard 1",
      entry: "fragile",
      reason: { message: "boom" },
      queueLength: 4,
      waiting: [1, 2, 3],
    });
  });

  it.each([
    [
      "an error",
      () => {
        throw new Error("x");
      },
      true,
    ],
    [
      "a thrown value",
      () => {
        throw 5;
      },
      true,
    ],
    ["exit of any reason, which is deliberate", () => exit("bad"), false],
  ])("is made for %s", (_what, act, expected) => {
    const { run, node } = laboratory();
    let reports = 0;
    node.subscribe(["crash"], () => reports++);
    run(function* () {
      act();
    });
    expect(reports).toBe(expected ? 1 : 0);
  });

  it("is not made for those that fall with it", () => {
    const { run, node } = laboratory();
    let reports = 0;
    node.subscribe(["crash"], () => reports++);
    run(function* (self: Self) {
      const child = spawn(function* (me: Self<string>) {
        yield* me.receive();
        throw new Error("x");
      });
      link(child);
      send(child, "go");
      yield* self.receive();
    });
    expect(reports).toBe(1);
  });

  it("is printed unless nobody wants it", () => {
    const printed = (reports: "stderr" | "none"): string => {
      const { run, platform } = laboratory({ reports });
      run(function* fragile() {
        throw new Error("boom", { cause: "why" });
      });
      return platform.output;
    };
    expect(printed("none")).toBe("");
    expect(printed("stderr")).toMatch(
      /✝ <0\.1\.0> fragile ended unexpectedly .*\n {2}reason {5}Error: boom[^]*caused by "why"[^]*work/,
    );
  });

  it("does not mind a function whose name is no name", () => {
    const { run, node } = laboratory();
    const entries: string[] = [];
    node.subscribe(["crash"], (event) => {
      if (event.type === "crash") entries.push(event.report.entry);
    });
    run(
      Object.defineProperty(
        function* () {
          throw new Error("x");
        },
        "name",
        { value: 5 },
      ),
    );
    expect(entries).toEqual(["anonymous"]);
  });
});
