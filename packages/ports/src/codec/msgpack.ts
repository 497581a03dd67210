// Frames of MessagePack. The only file here that imports msgpackr, and of its builds the one that compiles no code and loads no native
// add-on. That one is CommonJS without types of its own; it loads in 3 ms, when the first framing is made.
//
//   ┌────────────┬───────────────────────────┐
//   │ length, 4  │ MessagePack, length bytes │    big-endian; plain data only, see msgpack-reader.ts
//   └────────────┴───────────────────────────┘

import { createRequire } from "node:module";
import { isRefused, type Value, type ValueFraming, type ValueOptions } from "../port/value-framing.ts";
import { checkedBounds } from "./bounds.ts";
import { checkedBy } from "./checked-by.ts";
import { type Packed, unpack } from "./msgpack-reader.ts";
import { isPlain } from "./plain.ts";

/**
 * A framing for values as MessagePack, each with its length in four bytes before it; to be given as `framing` wherever a port is made.
 *
 * @remarks
 * As `jsonLines`, but smaller, and it knows bytes and whole numbers beyond 2^53, which are bigint. Strict: extension types, records,
 * references and keys that are no text are `"ebadmsg"`, and so is a key `__proto__`. Erlang's counterpart is `{packet, 4}` with
 * `term_to_binary` and `binary_to_term(_, [safe])`; any implementation of MessagePack can be the peer.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` for a limit that makes no sense
 *
 * @example
 * ```ts no-run
 * import { connect, msgpack, orExit, read, write } from "@krarup/ports";
 *
 * export function* sum(port: number, numbers: number[]) {
 *   const calculator = yield* orExit(connect({ port, framing: msgpack() }));
 *   yield* orExit(write(calculator, { do: "sum", numbers }));
 *   return (yield* orExit(read(calculator))).value;
 * }
 * ```
 *
 * @see {@link https://github.com/msgpack/msgpack/blob/master/spec.md | MessagePack specification}
 */
export function msgpack<T = Packed>(options: ValueOptions<T> = {}): ValueFraming<Value<T>> {
  const bounds = checkedBounds(options);
  const check = checkedBy(options.schema);
  const pack = packer();
  return {
    cut: 4,
    decode: (packet) => {
      const unpacked = unpack(packet, bounds);
      return isRefused(unpacked) ? unpacked : check(unpacked.value);
    },
    encode: (value) => (isPlain(value, "msgpack") ? pack(value) : null),
  };
}

const require = createRequire(import.meta.url);

function packer(): (value: unknown) => Uint8Array {
  // The builds differ in how they are made, not in what they export.
  const { Packr } = require("msgpackr/index-no-eval") as typeof import("msgpackr");
  const packr = new Packr({ useRecords: false, variableMapSize: true });
  return (value) => packr.pack(value);
}
