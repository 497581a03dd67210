// docs/performance.md: prose by hand, with parts that are made of result files. A comment names the files, and each part stands between
// two others:
//
//   <!-- results: 2026-11-24T202848-25d61b8.json -->
//   <!-- made: kernel -->
//   …
//   <!-- end -->

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { mergeResults, readResults } from "../results.ts";
import { drawPlots } from "./plots.ts";
import { SECTIONS, type Shown } from "./sections.ts";

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const PAGE = join(DOCS, "performance.md");
const PLOTS = join(DOCS, "performance");
const RESULTS = /<!-- results: (.*) -->/;
const PART = /<!-- made: (\w+) -->\n[^]*?<!-- end -->/g;

/** The page and its plots. */
export interface Page {
  readonly text: string;
  readonly plots: ReadonlyMap<string, string>;
}

/** Makes the page anew of the files that it names. Nothing is written. */
export function remakePage(): Page {
  const text = readFileSync(PAGE, "utf8");
  const names = RESULTS.exec(text)?.[1];
  if (names === undefined) throw new Error("Cannot make the page as it names no results");
  return makePage(text, names.split(", "));
}

/** Writes the page and its plots, of `files`. */
export function writePage(files: readonly string[]): void {
  const { text, plots } = makePage(readFileSync(PAGE, "utf8"), files);
  writeFileSync(PAGE, text);
  mkdirSync(PLOTS, { recursive: true });
  for (const [name, plot] of plots) writeFileSync(join(PLOTS, name), plot);
}

function makePage(page: string, paths: readonly string[]): Page {
  const files = paths.map(readResults);
  const shown = { files, results: mergeResults(files) };
  const text = page
    .replace(RESULTS, `<!-- results: ${paths.map((path) => basename(path)).join(", ")} -->`)
    .replaceAll(PART, (_part, name: string) => `<!-- made: ${name} -->\n\n${makePart(name, shown)}\n\n<!-- end -->`);
  return { text, plots: drawPlots(shown.results) };
}

function makePart(name: string, shown: Shown): string {
  const make = SECTIONS.get(name);
  if (make === undefined)
    throw new Error(`Cannot make part ${name} of the page: there are ${[...SECTIONS.keys()].join(", ")}`);
  return make(shown);
}
