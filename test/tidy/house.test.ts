import { describe, expect, it } from "vitest";
import { checkDependencies } from "./dependencies.ts";
import { checkDoors } from "./doors.ts";
import { checkEscapes } from "./escapes.ts";
import { LONG_FILES } from "./exceptions.ts";
import { checkFileName } from "./file-names.ts";
import { checkFloors } from "./floors.ts";
import { checkImporters } from "./importers.ts";
import { checkLeftovers } from "./leftovers.ts";
import { checkPublicDocs } from "./public-docs.ts";
import { listEntries, listPackages, readDependencies, readSources, readText } from "./repository.ts";
import { checkFileSize, checkFunctionSizes } from "./sizes.ts";
import type { Violation } from "./source.ts";

const sources = readSources();
const byPath = new Map(sources.map((source) => [source.path, source]));
const published = sources.filter(({ path }) => /^packages\/[^/]+\/(src|bin)\//.test(path));

describe("the house rules", () => {
  it("sees the sources", () => {
    expect(sources.map(({ path }) => path)).toContain("packages/core/src/index.ts");
    expect(sources.map(({ path }) => path)).toContain("test/tidy/house.test.ts");
  });

  it("imports go down only", () => {
    expect(report(sources.flatMap(checkFloors))).toEqual([]);
  });

  it("time, chance, the event loop and output come in through the door", () => {
    expect(report(sources.flatMap(checkDoors))).toEqual([]);
  });

  it("each third-party package has one importer", () => {
    expect(report(checkImporters(sources))).toEqual([]);
  });

  it("no function is longer than 70 lines", () => {
    expect(report(sources.flatMap(checkFunctionSizes))).toEqual([]);
  });

  it("no file is longer than 400 code lines without a reason", () => {
    expect(report(sources.flatMap((source) => checkFileSize(source, LONG_FILES)))).toEqual([]);
    expect(Object.keys(LONG_FILES).filter((path) => !byPath.has(path))).toEqual([]);
  });

  it("nobody leaves the type system without a reason", () => {
    expect(report(published.flatMap(checkEscapes))).toEqual([]);
  });

  it("each file is named for its concept", () => {
    expect(report(sources.flatMap(checkFileName))).toEqual([]);
  });

  it("whatever is public is documented", () => {
    const entries = listEntries().flatMap((path) => byPath.get(path) ?? []);
    expect(entries.map(({ path }) => path)).toContain("packages/core/src/index.ts");
    expect(report(entries.flatMap((entry) => checkPublicDocs(entry, byPath)))).toEqual([]);
  });

  it("nothing is left unfinished", () => {
    expect(report(sources.flatMap(checkLeftovers))).toEqual([]);
  });

  it("each dependency is recorded with its reason, at an exact version", () => {
    const record = readText("docs/decisions/0002-dependencies.md");
    expect(checkDependencies(readDependencies(), record)).toEqual([]);
  });

  it("the map names each package", () => {
    const map = readText("ARCHITECTURE.md");
    expect(listPackages().filter((name) => !map.includes(`packages/${name}`))).toEqual([]);
  });
});

/** Violations as an editor can open them. */
function report(violations: readonly Violation[]): string[] {
  return violations.map(({ path, line, message }) => `${path}:${line} ${message}`);
}
