// Patterns for selective receive: what a message must at least look like.

/** A shape that a message may have: every part given must be there, parts not given may be anything. */
export type Pattern<M> = M extends readonly unknown[]
  ? M
  : M extends object
    ? { readonly [K in keyof M]?: Pattern<M[K]> }
    : M;

/** The members of `M` that can match the pattern `P`. */
export type Matching<M, P> = M extends unknown ? (Compatible<M, P> extends true ? M : never) : never;

type Compatible<M, P> = P extends object
  ? M extends object
    ? {
        [K in keyof P]: K extends keyof M ? (Overlaps<M[K], P[K]> extends true ? true : false) : false;
      }[keyof P] extends true
      ? true
      : false
    : false
  : Overlaps<M, P>;

type Overlaps<A, B> = [Extract<A, B>] extends [never] ? ([Extract<B, A>] extends [never] ? false : true) : true;

/**
 * Whether `message` has everything that `pattern` names.
 *
 * Plain objects match by their keys, arrays element by element and in length, everything else by `Object.is`: so pids and refs
 * match by identity and numbers by value.
 */
export function matches(pattern: unknown, message: unknown): boolean {
  if (Object.is(pattern, message)) return true;
  if (typeof pattern !== "object" || pattern === null || typeof message !== "object" || message === null) return false;
  if (Array.isArray(pattern)) return matchesArray(pattern, message);
  // Last what nearly always holds: most messages are refused, and by their first key.
  return matchesKeys(pattern, message) && isPlain(pattern);
}

/** The `type` that `pattern` names, by which nearly all other messages are told at a glance; undefined when it names none. */
export function typeNamedBy(pattern: unknown): string | undefined {
  const type = typeof pattern === "object" && pattern !== null && "type" in pattern ? pattern.type : undefined;
  return typeof type === "string" ? type : undefined;
}

/** Whether `message` has the type `type`. */
export function hasType(message: unknown, type: string): boolean {
  // Any object may be asked for a property that it may not have.
  return typeof message === "object" && message !== null && (message as { readonly type?: unknown }).type === type;
}

function matchesArray(pattern: readonly unknown[], message: object): boolean {
  return (
    Array.isArray(message) &&
    message.length === pattern.length &&
    pattern.every((part, index) => matches(part, message[index]))
  );
}

function matchesKeys(pattern: object, message: object): boolean {
  for (const key in pattern) {
    // The first object owns the key, as it was enumerated; whether the second does is asked when the values match.
    if (!matches((pattern as Record<string, unknown>)[key], (message as Record<string, unknown>)[key])) return false;
    if (!Object.hasOwn(message, key)) return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
