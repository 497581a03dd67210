import { brief, KrarupError } from "@krarup/core";
import { isActiveMode } from "./active.ts";
import type { Framing } from "./framing.ts";
import { PACKET_BYTES_MAX, READ_BYTES_MAX } from "./limits.ts";
import type { OpenOptions } from "./open-port.ts";
import type { ServeOptions } from "./port-process.ts";

/** How a stream is served. */
export interface StreamOptions extends ServeOptions {
  readonly framing: Framing<unknown>;
  readonly packetBytesMax: number;
}

const FRAMINGS: readonly unknown[] = ["raw", "line", 1, 2, 4];

/** The options with every default. @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for one that makes no sense */
export function checkedOptions(options: OpenOptions<unknown>): StreamOptions {
  const {
    framing = "raw",
    active = false,
    packetBytesMax = PACKET_BYTES_MAX,
    exitOnClose = true,
    exitStatus = false,
  } = options;
  if (!isFraming(framing)) throw misuse('framing must be "raw", "line", 1, 2, 4, jsonLines() or msgpack()', framing);
  if (!isActiveMode(active)) throw misuse('active must be true, false, "once" or an integer up to 32767', active);
  if (!Number.isInteger(packetBytesMax) || packetBytesMax < 1 || packetBytesMax > READ_BYTES_MAX)
    throw misuse(`packetBytesMax must be an integer from 1 to ${READ_BYTES_MAX}`, packetBytesMax);
  checkTimeout(options.timeoutMs ?? 0);
  return { framing, active, packetBytesMax, exitOnClose, exitStatus };
}

function isFraming(framing: unknown): boolean {
  if (FRAMINGS.includes(framing)) return true;
  return typeof framing === "object" && framing !== null && "cut" in framing && "decode" in framing;
}

/** For an option of a port that makes no sense. */
export function misuse(rule: string, value: unknown): KrarupError {
  return new KrarupError("ERR_BAD_ARGUMENT", `Cannot open a port as ${rule}: current value is ${brief(value)}`, value);
}

/** @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a limit of time that is none */
export function checkTimeout(timeoutMs: number | "infinity"): void {
  if (timeoutMs !== "infinity" && !(timeoutMs >= 0))
    throw misuse('timeoutMs must be milliseconds >= 0 or "infinity"', timeoutMs);
}
