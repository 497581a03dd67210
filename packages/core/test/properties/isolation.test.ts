// Isolation: what the sender does to a message after the send, and the receiver to what it got, nobody else ever sees.

import { inspect } from "node:util";
import { type Self, send } from "@krarup/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isolate } from "../../src/mechanisms/isolate.ts";
import { laboratory, thrownBy } from "../laboratory.ts";
import { runs } from "./runs.ts";

/** Makes the same value anew each time: the tests destroy what they are given. */
type Make = () => unknown;

const primitive = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined),
);

const leaf: fc.Arbitrary<Make> = fc.oneof(
  primitive.map((value) => () => value),
  fc.nat().map((ms) => () => new Date(ms)),
  fc.array(fc.nat(255), { maxLength: 8 }).map((bytes) => () => new Uint8Array(bytes)),
  fc.array(fc.integer(), { maxLength: 4 }).map((numbers) => () => new Float64Array(numbers).subarray(1)),
);

const key = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.constantFrom("__proto__", "constructor", "toString", "then", "length", "0"),
);

const makeAll = (parts: readonly Make[]): unknown[] => parts.map((make) => make());

const makeEntries = <K>(entries: readonly (readonly [K, Make])[]): [K, unknown][] =>
  entries.map(([name, make]) => [name, make()]);

/** Random plain data: objects, arrays, Maps, Sets, errors, frozen things, with whatever keys. */
const { value: plainData } = fc.letrec<{ value: Make }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }).map((parts) => () => makeAll(parts)),
    fc.array(tie("value"), { maxLength: 3 }).map((parts) => () => Object.freeze(makeAll(parts))),
    fc
      .array(fc.tuple(key, tie("value")), { maxLength: 4 })
      .map((entries) => () => Object.fromEntries(makeEntries(entries))),
    fc
      .array(fc.tuple(key, tie("value")), { maxLength: 3 })
      .map((entries) => () => Object.freeze(Object.fromEntries(makeEntries(entries)))),
    fc.array(fc.tuple(primitive, tie("value")), { maxLength: 4 }).map((entries) => () => new Map(makeEntries(entries))),
    fc.array(tie("value"), { maxLength: 4 }).map((members) => () => new Set(makeAll(members))),
    fc.tuple(fc.string(), tie("value"), tie("value")).map(
      ([message, cause, data]) =>
        () =>
          Object.assign(new TypeError(message, { cause: cause() }), { data: data() }),
    ),
  ),
}));

/** Changes everything in `value` that can be changed. */
function vandalise(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Date) value.setTime(0);
  else if (ArrayBuffer.isView(value)) new Uint8Array(value.buffer, value.byteOffset, value.byteLength).fill(77);
  else if (value instanceof Map) vandaliseCollection(value, [...value.values()], () => value.set("vandal", 1));
  else if (value instanceof Set) vandaliseCollection(value, [...value], () => value.add("vandal"));
  else vandaliseObject(value);
}

function vandaliseCollection(collection: { clear(): void }, parts: readonly unknown[], add: () => void): void {
  parts.forEach(vandalise);
  collection.clear();
  add();
}

/** Everything there is to see of `value`. */
function sameText(value: unknown): string {
  // A stack names the place where an error was made, which differs each time.
  return inspect(value, { depth: Infinity, maxArrayLength: Infinity }).replaceAll(/\n\s+at .*/g, "");
}

function vandaliseObject(value: object): void {
  if (value instanceof Error) vandalise(value.cause);
  Object.values(value).forEach(vandalise);
  for (const own of Object.keys(value)) Reflect.deleteProperty(value, own);
  Reflect.set(value, "vandal", 1);
}

describe("a message", () => {
  it("is a copy in every part: what either side does afterwards stays with it", () => {
    fc.assert(
      fc.property(plainData, (make) => {
        const got: unknown[] = [];
        const { run, platform } = laboratory();
        const receiver = run(function* (self: Self<unknown>) {
          for (;;) got.push(yield* self.receive());
        });
        const message = make();
        send(receiver, message);
        vandalise(message);
        platform.settle();
        expect(sameText(got[0])).toBe(sameText(make()));
        const second = make();
        send(receiver, second);
        platform.settle();
        vandalise(got[1]);
        expect(sameText(second)).toBe(sameText(make()));
      }),
      runs(2_000),
    );
  });

  it("shares no object with the original but what is frozen all the way down", () => {
    fc.assert(
      fc.property(plainData, (make) => {
        const message = make();
        const originals = new Set(objectsIn(message));
        const shared = objectsIn(isolate(message)).filter((part) => originals.has(part));
        expect(shared.every((part) => isDeeplyFrozen(part))).toBe(true);
      }),
      runs(1_000),
    );
  });
});

function objectsIn(value: unknown, found: object[] = []): object[] {
  if (typeof value !== "object" || value === null) return found;
  found.push(value);
  const parts =
    value instanceof Map
      ? [...value.keys(), ...value.values()]
      : value instanceof Set
        ? [...value]
        : Object.values(value);
  if (value instanceof Error) parts.push(value.cause);
  if (!ArrayBuffer.isView(value)) for (const part of parts) objectsIn(part, found);
  return found;
}

function isDeeplyFrozen(value: unknown): boolean {
  return (
    typeof value !== "object" ||
    value === null ||
    (Object.isFrozen(value) && !(value instanceof Date) && Object.values(value).every(isDeeplyFrozen))
  );
}

const nuisances: readonly (readonly [string, () => unknown])[] = [
  ["a function", () => () => 1],
  ["a symbol", () => Symbol("s")],
  ["an instance of WeakMap", () => new WeakMap()],
  ["an instance of Promise", () => Promise.resolve()],
];

describe("a refusal", () => {
  it("names the path to what cannot be sent, wherever it hides", () => {
    const steps = fc.array(fc.oneof(fc.constantFrom("left", "right", "odd key").map(String), fc.nat(3)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(steps, fc.constantFrom(...nuisances), fc.boolean(), (path, [what, make], freeze) => {
        let value = make();
        for (const step of path.toReversed()) {
          value =
            typeof step === "number"
              ? [...Array.from({ length: step }, () => ({ fine: 1 })), value]
              : { fine: [1], [step]: value };
          if (freeze) Object.freeze(value);
        }
        const place = path
          .map((step) => (typeof step === "number" ? `[${step}]` : step === "odd key" ? '["odd key"]' : `.${step}`))
          .join("");
        expect(String(thrownBy(() => isolate(value)))).toContain(`Cannot send as message${place} is ${what};`);
      }),
      runs(500),
    );
  });
});
