import { readFileSync } from "node:fs";
import * as core from "@krarup/core";
import * as ports from "@krarup/ports";
import * as supervisor from "@krarup/supervisor";
import { describe, expect, it } from "vitest";

const PAGE = new URL("../../docs/from-otp.md", import.meta.url);

/** The plain names in the right column of the page's tables, with the heading they stand under. */
function namesGiven(page: string): { readonly heading: string; readonly name: string }[] {
  let heading = "";
  return page.split("\n").flatMap((line) => {
    if (line.startsWith("## ")) heading = line.slice(3);
    const right = /^\|[^|]*\|([^|]*)\|$/.exec(line)?.[1] ?? "";
    return [...right.matchAll(/`([A-Za-z]+)`/g)].map(([, name = ""]) => ({ heading, name }));
  });
}

/** Exported as a value, or as a type only: an interface leaves no trace at run time. */
function isExported(name: string, heading: string): boolean {
  return name in (DOORS.get(heading) ?? core) || TYPES.has(name);
}

/** Where names under a heading are, if not in the core. */
const DOORS = new Map<string, object>([
  ["Supervision", supervisor],
  ["Ports", ports],
]);

const TYPES = new Set(["NameRegistry"]);
const WORDS = new Set(["catch"]);

describe("from-otp.md", () => {
  const given = namesGiven(readFileSync(PAGE, "utf8")).filter(({ name }) => !WORDS.has(name));

  it("finds names on the page", () => {
    expect(given.length).toBeGreaterThan(60);
  });

  it.each(given)("$name is there, under $heading", ({ name, heading }) => {
    expect(isExported(name, heading)).toBe(true);
  });
});
