// Erlang's three classes of exceptions, as they appear here: `exit(reason)` throws an ExitException, any other Error is of class
// error, and a thrown value that is no Error is of class throw.

import { ExitException, KrarupError } from "@krarup/core";
import { type Action, type AnySelf, perform, type Step } from "./step.ts";

/** An exception of class error that carries any value, as `erlang:error(Value)` raises it. */
class ErlangError extends Error {
  override readonly name: string = "ErlangError";
  readonly value: unknown;

  constructor(value: unknown) {
    super(`Error with value ${String(value)}`);
    this.value = value;
  }
}

/** Raises an exception of class error. */
export function raiseError(value: unknown): never {
  throw new ErlangError(value);
}

/** Raises an exception of class throw. */
export function throwValue(value: unknown): never {
  throw value;
}

/** `"ok"` and the result of `action`, or the class and value of the exception that left it. */
export function* caught(self: AnySelf, action: Action<unknown>): Step<[string, unknown]> {
  try {
    return ["ok", yield* perform(self, action)];
  } catch (exception) {
    return [classOf(exception), valueOf(exception)];
  }
}

function classOf(exception: unknown): "exit" | "error" | "throw" {
  if (exception instanceof ExitException) return "exit";
  return exception instanceof Error ? "error" : "throw";
}

/** The raw value of an exception, without class and stack. */
export function valueOf(exception: unknown): unknown {
  if (exception instanceof ExitException) return exception.reason;
  return exception instanceof Error ? errorValue(exception) : exception;
}

/**
 * The value of an exception of class error.
 *
 * An error that has travelled is a plain Error that has kept its name and its data, so the name is what tells.
 */
export function errorValue(error: Error): unknown {
  if (error.name === "ErlangError" && "value" in error) return error.value;
  if (isCallOfNothing(error)) return "undef";
  if (!isKrarupError(error)) return error.message;
  // The value of a bad return is OTP's whole reason.
  if (error.code === "ERR_BAD_RETURN") return error.value;
  return error.code === "ERR_NOCATCH" ? ["nocatch", error.value] : error.reason;
}

/** Whether somebody called a function that does not exist: JavaScript says it in a sentence. */
function isCallOfNothing(error: Error): boolean {
  return error.name === "TypeError" && error.message.endsWith("is not a function");
}

function isKrarupError(error: Error): error is KrarupError {
  return error.name === "KrarupError";
}
