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
    ? { [K in keyof P]: K extends keyof M ? (Overlaps<M[K], P[K]> extends true ? true : false) : false }[keyof P] extends true
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
  return isPlain(pattern) && matchesKeys(pattern, message);
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
    if (!Object.hasOwn(message, key)) return false;
    // Both objects own the key: the first was enumerated, the second was asked.
    if (!matches((pattern as Record<string, unknown>)[key], (message as Record<string, unknown>)[key])) return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
