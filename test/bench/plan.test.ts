import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chooseWorkloads } from "../../bench/plan.ts";
import { preparePeers } from "../../bench/peers.ts";

const BENCH = new URL("../../bench/", import.meta.url);
const readme = readFileSync(new URL("README.md", BENCH), "utf8");
const all = chooseWorkloads([]);

describe("the plan", () => {
  it("runs every program of workloads/, and no other", () => {
    const programs = new Set(all.map(({ program }) => `${program[0]}.ts`));
    expect(readdirSync(new URL("workloads/", BENCH)).toSorted()).toEqual([...programs].toSorted());
  });

  it("gives each workload a name of its own", () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it.each(all)("explains $name in the README", ({ name }) => {
    expect(readme).toContain(name);
  });
});

describe("chooseWorkloads", () => {
  it("takes names and groups, and keeps the order of the report", () => {
    const chosen = chooseWorkloads(["absolute", "ping-pong", "spawn-keep"]).map(({ name }) => name);
    expect(chosen).toEqual(["spawn-keep", "ping-pong", "scale", "latency"]);
  });

  it("refuses a word that is neither", () => {
    expect(() => chooseWorkloads(["ping-pong", "pong"])).toThrow(/^Cannot measure pong: choose among kernel, /);
  });
});

describe("preparePeers", () => {
  it("refuses a peer that there is not, before anything is built", () => {
    expect(() => preparePeers(["erlang", "akka"], () => {})).toThrow(
      /^Cannot compare with akka: choose among erlang, /,
    );
  });

  it("prepares none when none is asked for", () => {
    expect(preparePeers([], () => {})).toEqual([]);
  });
});
