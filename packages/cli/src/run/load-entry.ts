// Finds the application in the module that the user named.

import { existsSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Application, isApplication } from "@krarup/supervisor";
import { CommandError } from "../command-error.ts";

/**
 * The application that the module `entry`, a path from the working directory, exports by default.
 *
 * @throws {@link CommandError} `ERR_USAGE` when there is none, `ERR_APPLICATION` when the module fails
 */
export async function loadEntry(entry: string): Promise<Application> {
  const path = resolve(entry);
  if (!existsSync(path))
    throw new CommandError("ERR_USAGE", `Cannot run ${entry} as there is no such file`, { hint: "krarup run --help" });
  const exported = await importEntry(entry, path);
  if (isApplication(exported)) return exported;
  throw new CommandError(
    "ERR_USAGE",
    `Cannot run ${entry} as its default export must be an application: current value is ${describe(exported)}`,
    {
      hint: "export default application({ name, start }), with application from @krarup/supervisor",
    },
  );
}

/** What a node is called unless told otherwise: the entry's name, or its directory's where that says more. */
export function nameOfEntry(entry: string): string {
  const path = resolve(entry);
  const own = basename(path, extname(path));
  return own === "main" || own === "index" ? basename(dirname(path)) || own : own;
}

async function importEntry(entry: string, path: string): Promise<unknown> {
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (cause) {
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    throw new CommandError("ERR_APPLICATION", `Cannot load ${entry}: ${why}`, { cause });
  }
}

function describe(value: unknown): string {
  if (value === undefined) return "absent";
  return value === null ? "null" : `a value of type ${typeof value}`;
}
