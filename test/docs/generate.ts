// Writes a module for each example, so that the compiler checks it and the tests run it. Run by `npm run types` and by the tests.

import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { claimedModule } from "./claims.ts";
import { type Fence, fencesInMarkdown, fencesInSource } from "./fences.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GENERATED = fileURLToPath(new URL(".generated/", import.meta.url));

export interface Example {
  readonly fence: Fence;
  /** The generated module. */
  readonly file: string;
  readonly claims: readonly number[];
}

/** Brings the generated modules up to date with the documents. */
export function generateExamples(): Example[] {
  mkdirSync(GENERATED, { recursive: true });
  const examples = allFences().map(generateExample);
  const wanted = new Set(examples.map(({ file }) => file));
  for (const name of readdirSync(GENERATED)) if (!wanted.has(GENERATED + name)) rmSync(GENERATED + name);
  return examples;
}

function generateExample(fence: Fence): Example {
  const file = `${GENERATED}${fence.path.replaceAll("/", "-")}-L${fence.line}.ts`;
  const { text: written, claims } = claimedModule(fence);
  const text = fromHere(written, fence.path);
  // An unchanged file keeps its date, and the compiler its result.
  if (readIfAny(file) !== text) writeFileSync(file, text);
  return { fence, file, claims };
}

/** The README of a program imports from beside itself; here, that is elsewhere. */
function fromHere(text: string, path: string): string {
  return text.replaceAll(' from "./', ` from "../../../${dirname(path)}/`);
}

function allFences(): Fence[] {
  const guides = list(["*.md", "docs/**/*.md", "examples/*/README.md"]);
  const sources = list(["packages/*/src/**/*.ts"]);
  return [
    ...guides.flatMap((path) => fencesInMarkdown(path, readFileSync(ROOT + path, "utf8"))),
    ...sources.flatMap((path) => fencesInSource(path, readFileSync(ROOT + path, "utf8"))),
  ];
}

function list(patterns: readonly string[]): string[] {
  return globSync(patterns, { cwd: ROOT })
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
}

function readIfAny(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

if (import.meta.main) generateExamples();
