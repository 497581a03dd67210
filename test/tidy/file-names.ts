// A file is named for its one concept, so there is no name for "the rest".

import type { Source, Violation } from "./source.ts";

const NAMES_FOR_THE_REST = ["utils", "util", "helpers", "helper", "common", "misc", "types", "shared"];

/** Names that say nothing, and names that are not written-like-this. */
export function checkFileName(source: Source): Violation[] {
  const stem = source.path.split("/").at(-1)?.split(".")[0] ?? "";
  if (NAMES_FOR_THE_REST.includes(stem)) return [complaint(source, `${stem} names no concept`)];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) return [complaint(source, `${stem} is not kebab-case`)];
  return [];
}

function complaint({ path }: Source, message: string): Violation {
  return { path, line: 1, message };
}
