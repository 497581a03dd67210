import { brief } from "./explain.ts";

/**
 * Ends the process that lets it pass, with any reason; what `exit(reason)` throws and a failed call raises.
 *
 * @remarks
 * It is Erlang's exception class *exit*: `catch` stops it, and then nobody else notices.
 */
export class ExitException extends Error {
  override readonly name: string = "ExitException";
  /** The reason with which the process ends. */
  readonly reason: unknown;

  constructor(reason: unknown, options?: ErrorOptions) {
    super(`Exit with reason ${typeof reason === "string" ? reason : brief(reason)}`, options);
    this.reason = reason;
  }
}
