// Copies of errors.

import { defineOwn, type PlainObject } from "./plain-data.ts";

const STANDARD_ERRORS: readonly (new (message?: string) => Error)[] = [
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
];

/** What every error has, copied by name. */
const STANDARD_PARTS: ReadonlySet<string> = new Set(["name", "stack", "message", "cause"]);

/**
 * A plain Error with the name, message, stack, cause and own data of `source`, each part copied by `part`.
 * What is derived from a standard error becomes that error, anything else `Error`; the `name` is kept.
 */
export function copyError(source: Error, part: (value: unknown) => unknown): Error {
  const Class = STANDARD_ERRORS.find((Standard) => source instanceof Standard) ?? Error;
  const target = withoutStack(() => new Class(String(source.message)));
  defineHidden(target, "stack", String(source.stack));
  if (source.name !== target.name) defineHidden(target, "name", String(source.name));
  if ("cause" in source) defineHidden(target, "cause", part(source.cause));
  if (source instanceof AggregateError) defineHidden(target, "errors", part(source.errors));
  for (const key of Object.keys(source)) {
    if (STANDARD_PARTS.has(key)) continue;
    // The key was just enumerated on the object.
    const value = (source as unknown as PlainObject)[key];
    defineOwn(target, key, part(value));
  }
  return target;
}

function withoutStack<T>(make: () => T): T {
  // A property of V8 and JavaScriptCore that the standard library's types do not know.
  const errors = Error as { stackTraceLimit?: number };
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    if (limit === undefined) delete errors.stackTraceLimit;
    else errors.stackTraceLimit = limit;
  }
}

function defineHidden(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });
}
