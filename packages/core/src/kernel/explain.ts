// Values and exit reasons for people.

const CAUSES_MAX = 16;

/** An exit reason for people: an error with its stack and causes, anything else as a short literal. Never throws. */
export function explainReason(reason: unknown): string {
  try {
    return explainWithCauses(reason, CAUSES_MAX);
  } catch {
    return UNPRINTABLE;
  }
}

function explainWithCauses(reason: unknown, causesLeft: number): string {
  if (!(reason instanceof Error)) return brief(reason);
  const own = stackOf(reason);
  if (reason.cause === undefined || causesLeft === 0) return own;
  return `${own}\ncaused by ${explainWithCauses(reason.cause, causesLeft - 1)}`;
}

/** The stack of an error. The kernel's own frames and Node's say nothing about the crash: it ends where they begin. */
export function stackOf({ stack, name, message }: Error): string {
  return typeof stack === "string" ? withoutKernelFrames(stack) : `${name}: ${message}`;
}

function withoutKernelFrames(stack: string): string {
  const lines = stack.split("\n");
  const foreign = lines.findIndex((line) => KERNEL_FRAME.test(line));
  return foreign < 0 ? stack : lines.slice(0, foreign).join("\n");
}

const KERNEL_FRAME =
  /^\s+at (?:Generator\.next \(<anonymous>\)|.*\(node:internal\/)|@krarup\/core|\/packages\/core\/(?:src|dist)\//;

const BRIEF_LENGTH_MAX = 200;

/** What there is to say of a value that fights back. */
export const UNPRINTABLE = "(unprintable)";

/** A value on one line, cut to a bounded length. Never throws. */
export function brief(value: unknown): string {
  const text = literal(value);
  return text.length > BRIEF_LENGTH_MAX ? `${text.slice(0, BRIEF_LENGTH_MAX - 1)}…` : text;
}

function literal(value: unknown): string {
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    const text: string | undefined = JSON.stringify(value, (_key, part: unknown) => printablePart(part));
    return text ?? String(value);
  } catch {
    return UNPRINTABLE;
  }
}

/** What JSON would lose: a bigint, and an error inside a tuple. */
function printablePart(part: unknown): unknown {
  if (typeof part === "bigint") return `${part}n`;
  return part instanceof Error ? `${part.name}: ${part.message}` : part;
}
