// JSON lines: one JSON text in each line.

import type { Plain, Value, ValueFraming, ValueOptions } from "../port/value-framing.ts";
import { REFUSED } from "../port/value-framing.ts";
import { checkedBounds } from "./bounds.ts";
import { checkedBy } from "./checked-by.ts";
import { isPlain, judge } from "./plain.ts";

/**
 * A framing for values as lines of JSON, to be given as `framing` wherever a port is made.
 *
 * @remarks
 * What is read is a {@link Value}: `{ type: "value", value }`, where the value is what the peer has sent and nothing else can be. A line that
 * is no JSON, has bytes that are no UTF-8, or a key `__proto__` anywhere, is `"ebadmsg"`; one over a limit, `"emsgsize"`. Both close the port.
 *
 * What is written may be anything that JSON gives back as it was. For others `write` answers `"einval"`: a Date, a Map, a bigint, NaN, a
 * property that is undefined.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a limit that makes no sense
 *
 * @example
 * ```ts no-run
 * import { connect, jsonLines, orExit, read, write } from "@krarup/ports";
 *
 * export function* temperature(port: number) {
 *   const thermometer = yield* orExit(connect({ port, framing: jsonLines() }));
 *   yield* orExit(write(thermometer, { ask: "temperature", unit: "celsius" }));
 *   return (yield* orExit(read(thermometer))).value;
 * }
 * ```
 *
 * @see {@link https://jsonlines.org | JSON Lines}
 */
export function jsonLines<T = Plain>(options: ValueOptions<T> = {}): ValueFraming<Value<T>> {
  const bounds = checkedBounds(options);
  const check = checkedBy(options.schema);
  return {
    cut: "line",
    decode: (packet) => {
      const parsed = parse(packet);
      const refusal = parsed === undefined ? REFUSED : judge(parsed, bounds);
      return refusal ?? check(parsed);
    },
    encode: (value) => (isPlain(value, "json") ? encoder.encode(`${JSON.stringify(value)}\n`) : null),
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Undefined for what is no JSON: no JSON text means that. */
function parse(packet: Uint8Array): unknown {
  try {
    // Typed any, and treated as unknown.
    return JSON.parse(decoder.decode(packet)) as unknown;
  } catch {
    return undefined;
  }
}
