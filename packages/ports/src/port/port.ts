// What can be done with a port, by any process that has its pid.

import { type AnyPid, KrarupError, type Operation, type Pid, send, TIMEOUT } from "@krarup/core";
import { type Process } from "@krarup/core/internal";
import type { Active } from "./active.ts";
import { ask } from "./ask.ts";
import { isPortError, type PortError } from "./port-error.ts";
import type { AnyPort, Port, PortInfo, PortMessage } from "./port-protocol.ts";
import { sequence, type Steps } from "./sequence.ts";
import type { Written } from "./value-framing.ts";

/** How long an operation on a port may take. */
export interface TimeLimit {
  /** Milliseconds until it returns the error `"timeout"`; default `"infinity"`. */
  readonly timeoutMs?: number | "infinity";
}

const NO_LIMIT: TimeLimit = {};

/**
 * Takes the next packet, as the port's framing cuts it; with `"raw"`, whatever has come.
 *
 * @remarks
 * Readers are served in the order in which they asked. What a reader that has ended asked for goes to the next.
 *
 * **Waiting.** This process, until a packet is there. While nobody reads, bytes stay in the operating system and the peer is held up.
 *
 * @returns the bytes, or the {@link Value} with a framing of values; or an error: `"closed"` when no more will come, `"timeout"`,
 * `"einval"` for a port in active mode, the system's code, and, after which the port is closed, `"emsgsize"` for a packet over a limit and
 * `"ebadmsg"` for one in which there is no such value
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_tcp.html#recv/3 | gen_tcp:recv/3}
 */
export function read<P>(port: Port<P>, { timeoutMs = "infinity" }: TimeLimit = NO_LIMIT): Operation<P | PortError> {
  return ask(port, "read", { do: "read", want: "packet", timeoutMs });
}

/**
 * As {@link read}, but takes exactly `bytes` bytes, whatever the port's framing. When the stream ends before that, they are lost.
 *
 * @param bytes - from 1 to 67,108,864
 */
export function readExactly(
  port: AnyPort,
  bytes: number,
  limit: TimeLimit = NO_LIMIT,
): Operation<Uint8Array | PortError> {
  if (!Number.isInteger(bytes) || bytes < 1)
    throw new KrarupError(
      "ERR_BAD_ARGUMENT",
      `Cannot read as the number of bytes must be an integer >= 1: current value is ${bytes}`,
      bytes,
    );
  return ask(port, "read", { do: "read", want: { bytes }, timeoutMs: limit.timeoutMs ?? "infinity" });
}

/**
 * As {@link read}, but takes a line, whatever the port's framing, and returns it as text (UTF-8) without its end: a newline, or a carriage
 * return and a newline. Of a stream that ends without a newline the rest counts as a line.
 */
export function readLine(
  port: AnyPort,
  { timeoutMs = "infinity" }: TimeLimit = NO_LIMIT,
): Operation<string | PortError> {
  const reading: Operation<Uint8Array | PortError> = ask(port, "read", { do: "read", want: "line", timeoutMs });
  return sequence(function* () {
    const line = yield* reading;
    return isPortError(line) ? line : textOf(line).replace(/\r?\n$/, "");
  });
}

/**
 * Writes `data` as one packet.
 *
 * @remarks
 * **Waiting.** Until the system takes more, so that a fast writer does not fill the memory. `"ok"` does not mean that the peer has it.
 *
 * @param data - a text is encoded as UTF-8; with a framing of values it is a value
 * @returns `"ok"`; or an error: `"closed"`, `"epipe"`, `"emsgsize"` for more than the framing can express, `"einval"` for what it cannot
 * express at all, `"timeout"`, after which the data may still be sent, or another of the system's
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_tcp.html#send/2 | gen_tcp:send/2}
 */
export function write<P>(port: Port<P>, data: Written<P>, limit: TimeLimit = NO_LIMIT): Operation<"ok" | PortError> {
  return ask(port, "write", { do: "write", data, timeoutMs: limit.timeoutMs ?? "infinity" });
}

/**
 * Says whether what comes is sent to the owner: see {@link Active}. A number is added to the number in force; when it reaches 0 the owner
 * gets a `Passive` message.
 *
 * @returns `"ok"`, or the error `"einval"` for what is no mode or a sum over 32,767
 * @see {@link https://www.erlang.org/doc/apps/kernel/inet.html#setopts/2 | inet:setopts/2, active}
 */
export function setActive(port: AnyPort, active: Active): Operation<"ok" | PortError> {
  return ask(port, "set active", { do: "set_active", active });
}

/**
 * Makes `to` the owner of a port that this process owns: it is linked instead, and gets the messages, those that wait here among them.
 *
 * @returns `"ok"`, or the error `"not_owner"`
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_tcp.html#controlling_process/2 | gen_tcp:controlling_process/2}
 */
export function controllingProcess(port: AnyPort, to: AnyPid): Operation<"ok" | PortError> {
  return sequence(function* (owner) {
    const held: Operation<"ok" | PortError> = ask(port, "hand over a port", { do: "hold_back" });
    const answer = yield* held;
    if (isPortError(answer)) return answer;
    yield* forwardMessages(owner, port, to);
    const given: Operation<"ok" | PortError> = ask(port, "hand over a port", { do: "give", to });
    return yield* given;
  });
}

/**
 * Nothing more will be written; what was written is sent, and reading goes on. The peer sees the end of the stream.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_tcp.html#shutdown/2 | gen_tcp:shutdown/2, write}
 */
export function closeWrite(port: AnyPort): Operation<"ok" | PortError> {
  return ask(port, "close", { do: "close_write" });
}

/**
 * Closes a port. What was written is still sent, for up to 5 s; what has come and was not read is lost. Its owner, if it is this process,
 * gets no exit signal.
 *
 * @returns `"ok"`, also when it was closed already
 * @see {@link https://www.erlang.org/doc/apps/kernel/gen_tcp.html#close/1 | gen_tcp:close/1}
 */
export function close(port: AnyPort): Operation<"ok"> {
  return sequence(function* () {
    yield* ask(port, "close", { do: "close" });
    return "ok" as const;
  });
}

/** Owner and counters of a port. @returns the error `"closed"` when it has ended */
export function portInfo(port: AnyPort): Operation<PortInfo | PortError> {
  return ask(port, "inspect a port", { do: "info" });
}

/** The text in `bytes`, which are UTF-8; what is not is replaced by U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Sends the messages of `port` that wait at `owner`, the running process, on to another. */
function* forwardMessages(owner: Process, port: AnyPort, to: AnyPid): Steps<void> {
  const isOfPort = (message: unknown): boolean =>
    typeof message === "object" && message !== null && "port" in message && message.port === port;
  for (;;) {
    const message = yield* owner.receive(isOfPort).after(0);
    if (message === TIMEOUT) return;
    // Only ports send messages that name one.
    send(to as Pid<PortMessage>, message as PortMessage);
  }
}
