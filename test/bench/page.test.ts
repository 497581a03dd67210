import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { remakePage } from "../../bench/page/page.ts";
import { SECTIONS } from "../../bench/page/sections.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const page = readFileSync(new URL("performance.md", DOCS), "utf8");
const made = remakePage();

// To repair: npm run bench -- --page --from FILE, with the files that the page names.
describe("docs/performance.md", () => {
  it("is what its generator makes of the results that it names", () => {
    expect(made.text).toBe(page);
  });

  it("has each part once", () => {
    const parts = [...page.matchAll(/<!-- made: (\w+) -->/g)].map(([, name]) => name ?? "");
    expect(parts.toSorted()).toEqual([...SECTIONS.keys()].toSorted());
  });

  it.each([...made.plots])("has the plot %s as its generator makes it", (name, plot) => {
    expect(readFileSync(new URL(`performance/${name}`, DOCS), "utf8")).toBe(plot);
  });

  it("shows each plot, and there is no other", () => {
    const shown = [...page.matchAll(/\]\(\.\/performance\/(.+?)\)/g)].map(([, name]) => name ?? "");
    expect(shown.toSorted()).toEqual([...made.plots.keys()].toSorted());
    expect(readdirSync(new URL("performance/", DOCS)).toSorted()).toEqual([...made.plots.keys()].toSorted());
  });
});
