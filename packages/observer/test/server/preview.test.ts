import { makeRef, spawnOpt, createNode } from "@krarup/core";
import { manualPlatform } from "@krarup/core/manual";
import { describe, expect, it } from "vitest";
import { labelText, preview } from "../../src/server/preview.ts";

class Basket {
  apples = 2;
}

function trap(): never {
  throw new Error("user code ran");
}

describe("preview", () => {
  it.each([
    ["text", '"text"'],
    [-0, "-0"],
    [12n, "12n"],
    [2n ** 100n, "bigint"],
    [undefined, "undefined"],
    [[1, , 3], "[1, empty, 3]"], // oxlint-disable-line no-sparse-arrays -- a hole is the case
    [{ a: { b: { c: { d: { e: 1 } } } } }, "{a: {b: {c: {d: {…}}}}}"],
    [{ "not a name": 1 }, '{"not a name": 1}'],
    [new Map([["k", new Set([1])]]), 'Map{"k" => Set{1}}'],
    [new Date(0), "Date(1970-01-01T00:00:00.000Z)"],
    [new Date(Number.NaN), "Date(invalid)"],
    [new TypeError("no"), "TypeError: no"],
    [new Uint8Array(3), "Uint8Array(3)"],
    [new Basket(), "Basket {apples: 2}"],
    [() => 1, "function"],
    [Symbol("s"), "symbol"],
  ])("shows %o as %s", (value, text) => {
    expect(preview(value)).toBe(text);
  });

  it("shows pids and refs as they print", () => {
    const pid = spawnOpt(function* () {}, [], { node: createNode({ platform: manualPlatform() }) });
    expect(preview({ pid })).toBe("{pid: <0.1.0>}");
    expect(preview(makeRef())).toMatch(/^#Ref<0\.\d+>$/);
  });

  it("runs no code of the value", () => {
    const proxy = new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap });
    const hostile = {
      get a() {
        return trap();
      },
      toString: trap,
      toJSON: trap,
      [Symbol.toPrimitive]: trap,
      proxy,
    };
    expect(preview(hostile)).toBe("{a: getter, toString: function, toJSON: function, proxy: Proxy}");
    expect(preview(Object.create(proxy))).toBe("Proxy");
    expect(preview(Object.defineProperty(new Error("x"), "message", { get: trap }))).toBe("Error: ");
    expect(preview(Object.assign(new Map([[1, 2]]), { entries: trap, [Symbol.iterator]: trap }))).toBe("Map{1 => 2}");
    expect(preview(Object.defineProperty([1], "0", { get: trap }))).toBe("[getter]");
  });

  it("is bounded in depth, width and length", () => {
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, "x".repeat(1_000)]));
    expect(preview(Array(1_000_000).fill(0))).toBe("[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, … 999990 more]");
    expect(preview(wide).length).toBeLessThanOrEqual(200);
    expect(preview("x".repeat(1_000_000)).length).toBeLessThan(70);
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(preview(cycle)).toBe("[[[[[…]]]]]");
  });
});

describe("labelText", () => {
  it("leaves a string as it is and previews anything else", () => {
    expect(labelText("mailer")).toBe("mailer");
    expect(labelText(["conn", 17])).toBe('["conn", 17]');
    expect(labelText(undefined)).toBe(null);
  });
});
