#!/usr/bin/env node
// Starts the command in a Node with the right options. Options of Node count only from its start, so where
// some are needed this program replaces itself (`execve`: same pid, same terminal, nothing to forward).
//
//   installed package   dist/main.js, no options            one start of Node
//   checkout            src/main.ts, sources of all         two starts, about 25 ms more
//   `krarup run`        and a small nursery                 two starts
//
// Plain JavaScript, because it must say so politely when Node is too old to run TypeScript.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`Cannot start krarup as it needs Node.js 22.18 or newer: this is ${process.version}`);
  process.exit(70);
}

// The published package has no tsconfig.json.
const isCheckout = existsSync(new URL("../tsconfig.json", import.meta.url));
const main = new URL(isCheckout ? "../src/main.ts" : "../dist/main.js", import.meta.url);

const missing = [...conditionOptions(), ...nurseryOptions()];
if (missing.length === 0) {
  // Compiled code, and TypeScript that has been stripped of its types, are kept between runs: in a checkout this halves the start.
  enableCompileCache();
  await import(main.href);
} else restartWith(missing);

/** In a checkout the packages see each other's sources, built or not. */
function conditionOptions() {
  const option = "--conditions=@krarup/source";
  return isCheckout && !process.execArgv.includes(option) ? [option] : [];
}

/**
 * Long-running programs of many small processes live better with a nursery of 2 MB: a quarter less memory and half
 * the longest pause. One thread cleans it: waking others takes longer than the work (bench `many-to-one` 10 %,
 * `spawn-exit` 8 %, `gen-server` 6 %). Who chose a size, by NODE_OPTIONS or otherwise, keeps it.
 */
function nurseryOptions() {
  const chosen = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ");
  if (process.argv[2] !== "run" || chosen.includes("semi-space-size")) return [];
  return ["--max-semi-space-size=2", "--min-semi-space-size=2", "--no-parallel-scavenge"];
}

function restartWith(options) {
  const argv = [...process.execArgv, ...options, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  // Windows has no execve; there the console delivers Ctrl-C to both.
  if (process.platform === "win32") {
    process.exit(spawnSync(process.execPath, argv, { stdio: "inherit" }).status ?? 1);
  }
  process.execve(process.execPath, [process.execPath, ...argv], process.env);
}
