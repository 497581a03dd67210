// docs/cli.md is the contract: what it lists is what there is, both ways.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { INSPECTION_ERROR_CODES } from "@krarup/observer/client";
import { describe, expect, it } from "vitest";
import { EXIT_CODE_OF } from "../src/command-error.ts";
import { EXIT } from "../src/exit-codes.ts";
import { useStage } from "./command.ts";

const stage = useStage();
const page = readFileSync(join(import.meta.dirname, "../../../docs/cli.md"), "utf8");

function section(title: string): string {
  const [, text = ""] = page.split(new RegExp(`^#+ ${title}$`, "m"));
  return text.split(/^#/m)[0] ?? "";
}

/** The cells of a section's table, title and rule left out. */
function table(title: string): string[][] {
  const lines = section(title)
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

describe("docs/cli.md", () => {
  it("lists every exit code with its name", () => {
    expect(table("Exit codes").map(([code, name]) => [name, Number(code)])).toEqual(Object.entries(EXIT));
  });

  it("lists every error with the exit code that goes with it", () => {
    expect(table("Errors").map(([code, exit]) => [code, Number(exit)])).toEqual(Object.entries(EXIT_CODE_OF));
    expect(Object.keys(EXIT_CODE_OF)).toEqual(expect.arrayContaining([...INSPECTION_ERROR_CODES]));
  });

  it("lists every verb", async () => {
    const { stdout } = await stage.krarup(["--help"]);
    const verbs = [...stdout.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, verb]) => verb).filter((verb) => verb !== "help");
    expect(table("Verbs").map(([verb]) => /\[(\w+)/.exec(verb ?? "")?.[1])).toEqual(verbs);
  });

  it.each(["run", "ls", "ps", "tree", "info", "kill"])("lists every option of %s", async (verb) => {
    const { stdout } = await stage.krarup([verb, "--help"]);
    const options = [...stdout.matchAll(/^ {2}(-.+?) {2,}/gm)]
      .map(([, flags]) => flags)
      .filter((flags) => flags !== "-h, --help");
    const common = verb === "run" ? [] : table("Options of all verbs but `run`").map(([flags]) => flags);
    const own = table(`krarup ${verb}`).map(([flags]) => flags);
    expect([...common.filter((flags) => verb !== "ls" || flags !== "-n, --node <name>"), ...own]).toEqual(options);
  });
});
