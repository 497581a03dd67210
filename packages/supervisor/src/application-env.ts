// The environment of one application: what it declares, what its schema makes of that, and what is set on top.
//
//   load      what was set before  <  defaults  <  what was set to persist  ──► schema ──► the values
//   set       the values, one of them new                                   ──► schema ──► the values
//   unload    nothing is left but what was set to persist
//
// Everybody reads it, so a value is copied on its way in and on its way out, as a message is.

import { isolate } from "@krarup/core/internal";
import type { Application } from "./application.ts";
import { EnvError } from "./errors.ts";
import { describeIssue, type StandardSchemaV1 } from "./standard-schema.ts";

/** The environment of one application on one node. */
export class ApplicationEnv {
  readonly #name: string;
  readonly #persistent = new Map<string, unknown>();
  #values: ReadonlyMap<string, unknown> = new Map();
  /** Of the loaded application. */
  #schema: StandardSchemaV1 | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes over what `app` declares. @throws {@link EnvError}, and then nothing has changed */
  load({ env = {}, envSchema }: Application): void {
    const declared = new Map([...this.#values, ...Object.entries(copyOf(env)), ...this.#persistent]);
    this.#values = this.#checked(declared, envSchema);
    this.#schema = envSchema;
  }

  unload(): void {
    this.#values = new Map();
    this.#schema = undefined;
  }

  get(key: string): unknown {
    return isolate(this.#values.get(key));
  }

  /** @throws {@link EnvError}, and then nothing has changed */
  set(key: string, value: unknown, isPersistent: boolean): void {
    const copy = isolate(value);
    this.#values = this.#checked(new Map(this.#values).set(key, copy), this.#schema);
    if (isPersistent) this.#persistent.set(key, copy);
  }

  /** @throws {@link EnvError}, and then nothing has changed */
  unset(key: string, isPersistent: boolean): void {
    const others = [...this.#values].filter(([other]) => other !== key);
    this.#values = this.#checked(new Map(others), this.#schema);
    if (isPersistent) this.#persistent.delete(key);
  }

  all(): Record<string, unknown> {
    return copyOf(Object.fromEntries(this.#values));
  }

  #checked(values: ReadonlyMap<string, unknown>, schema: StandardSchemaV1 | undefined): ReadonlyMap<string, unknown> {
    if (schema === undefined) return values;
    const result = schema["~standard"].validate(copyOf(Object.fromEntries(values)));
    // Its types say so; a schema may come from anywhere.
    if (typeof result !== "object" || result === null) throw new EnvError(this.#name, ["it answers by no result"]);
    if ("then" in result) throw new EnvError(this.#name, ["it answers by a promise, for which nobody can wait"]);
    if (result.issues !== undefined) throw new EnvError(this.#name, result.issues.map(describeIssue));
    if (typeof result.value !== "object" || result.value === null)
      throw new EnvError(this.#name, ["it makes something else of it than an object"]);
    return new Map(Object.entries(copyOf(result.value)));
  }
}

function copyOf<T extends object>(value: T): T {
  // A copy is of the type of what is copied.
  return isolate(value) as T;
}
