import { type KrarupError, immutable, makeRef, MESSAGE_LIMITS, spawnOpt } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { isolate, isolateMoving } from "../../src/mechanisms/isolate.ts";
import { codeOf, idle, laboratory, thrownBy } from "../laboratory.ts";

function nested(levels: number): object {
  let value: object = {};
  for (let level = 1; level < levels; level++) value = { value };
  return value;
}

/** What `isolate` says to `value`. */
function refusal(value: unknown): string {
  return String(thrownBy(() => isolate(value)));
}

describe("isolate copies plain data", () => {
  it.each([
    ["an object", { a: 1, b: { c: [1, 2] } }],
    ["an array", [1, [2], { three: 3 }]],
    [
      "a Map",
      new Map<unknown, unknown>([
        ["a", { b: 1 }],
        [{ key: 1 }, 2],
      ]),
    ],
    ["a Set", new Set<unknown>([1, { a: 1 }])],
    ["a Date", new Date(5)],
    ["an ArrayBuffer", new Uint8Array([1, 2, 3]).buffer],
    ["an object without prototype", Object.assign(Object.create(null), { a: 1 })],
  ])("%s", (_what, value) => {
    const copy = isolate(value);
    expect(copy).toEqual(value);
    expect(copy).not.toBe(value);
  });

  it.each([undefined, null, true, 1, Number.NaN, -0, "text", 10n])("passes %o as it is", (value) => {
    expect(isolate(value)).toBe(value);
  });

  it.each([
    new Uint8Array([1, 2, 3]),
    new Int16Array([-1, 2]),
    new Float64Array([0.5]),
    new BigUint64Array([5n]),
    new Uint8ClampedArray([255]),
  ])("copies the elements and the class of %o", (view) => {
    const copy = isolate(view);
    expect(copy).toEqual(view);
    expect(Object.getPrototypeOf(copy)).toBe(Object.getPrototypeOf(view));
  });

  it("copies a DataView, and a view on memory that is shared", () => {
    const view = new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 2);
    expect(isolate(view)).toMatchObject({ byteLength: 2, byteOffset: 0 });
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    const copy = isolate(shared);
    expect(copy).toBeInstanceOf(Uint8Array);
    shared[0] = 9;
    expect(copy).toEqual(new Uint8Array(2));
  });

  it.runIf("Float16Array" in globalThis)("copies half-precision floats where the environment has them", () => {
    const { Float16Array: Half } = globalThis as unknown as { Float16Array: new (values: number[]) => ArrayBufferView }; // it was asked for
    expect(isolate(new Half([0.5]))).toEqual(new Half([0.5]));
  });

  it("carries exactly the bytes of a view, not the pool behind it", () => {
    const copy = isolate(Buffer.from("abc"));
    expect(copy).toBeInstanceOf(Buffer);
    expect(copy).toMatchObject({ byteOffset: 0, buffer: { byteLength: 3 } });
  });

  it("fills the holes of a sparse array with undefined, and leaves out what is no element", () => {
    // An array is an object with room for more.
    const array = Object.assign(new Array<number>(3), { extra: 1 });
    array[1] = 5;
    expect(isolate(array)).toEqual([undefined, 5, undefined]);
    expect(Object.keys(Object(isolate(array)))).toEqual(["0", "1", "2"]);
  });

  it("makes a key __proto__ a property like any other", () => {
    const copy = isolate(JSON.parse('{"__proto__": {"isAdmin": true}}'));
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(Object.keys(Object(copy))).toEqual(["__proto__"]);
  });

  it("copies what stands in two places twice", () => {
    const part = { a: 1 };
    const copy = isolate({ left: part, right: part }) as { left: object; right: object }; // the shape that was put in
    expect(copy).toEqual({ left: { a: 1 }, right: { a: 1 } });
    expect(copy.left).not.toBe(copy.right);
  });

  it("leaves symbols and inherited properties behind", () => {
    expect(isolate({ a: 1, [Symbol("hidden")]: 2 })).toEqual({ a: 1 });
  });

  it("reads a getter once, in the sender", () => {
    let reads = 0;
    const copy = isolate({
      get a() {
        return ++reads;
      },
    });
    expect([copy, reads, Object.getOwnPropertyDescriptor(copy, "a")?.value]).toEqual([{ a: 1 }, 1, 1]);
  });

  it("copies what a proxy answers", () => {
    expect(isolate(new Proxy({ a: 1 }, {}))).toEqual({ a: 1 });
  });
});

describe("isolate passes identities", () => {
  it("pids and refs travel unchanged", () => {
    const { node, play } = laboratory();
    const pid = spawnOpt(idle, [], { node });
    const ref = play(function* () {
      return makeRef();
    });
    expect(isolate([pid, { ref }])).toEqual([pid, { ref }]);
    const [samePid, holder] = isolate([pid, { ref }]) as [unknown, { ref: unknown }]; // the shape that was put in
    expect([samePid === pid, holder.ref === ref]).toEqual([true, true]);
  });
});

describe("isolate shares what cannot change", () => {
  it("a deeply frozen tree of plain data", () => {
    const tree = immutable({ a: [1, { b: 2 }] });
    expect(isolate(tree)).toBe(tree);
    expect(isolate({ tree })).toEqual({ tree });
    expect(Object.values(Object(isolate({ tree })))[0]).toBe(tree);
  });

  it("not what is frozen on the surface only", () => {
    const tree = Object.freeze({ a: [1] });
    expect(isolate(tree)).not.toBe(tree);
  });

  it.each([
    ["a Map", new Map([[1, 2]])],
    ["a Set", new Set([1])],
    ["a Date", new Date(0)],
  ])("not %s, which changes while frozen", (_what, value) => {
    expect(isolate(Object.freeze({ value }))).not.toHaveProperty(
      "value",
      expect.toSatisfy((part) => part === value),
    );
    expect(isolate(Object.freeze(value))).not.toBe(value);
  });
});

describe("isolate copies errors", () => {
  it("with name, message, stack, cause and own data", () => {
    const cause = new RangeError("inner");
    const error = Object.assign(new TypeError("outer", { cause }), { code: "E1", details: { a: [1] } });
    const copy = isolate(error) as typeof error & { cause: Error }; // a copy has the shape of the original
    expect(copy).toBeInstanceOf(TypeError);
    expect(copy).toMatchObject({
      name: "TypeError",
      message: "outer",
      stack: error.stack,
      code: "E1",
      details: { a: [1] },
    });
    expect(copy.cause).toBeInstanceOf(RangeError);
    expect(copy.details).not.toBe(error.details);
  });

  it("and keeps the name of a class of the user's, not its methods", () => {
    class HttpError extends Error {
      override readonly name = "HttpError";
      retry(): void {}
    }
    const copy = isolate(new HttpError("no route"));
    expect(copy).toMatchObject({ name: "HttpError", message: "no route" });
    expect(Object.getPrototypeOf(copy)).toBe(Error.prototype);
  });

  it("whose constructor is hidden", () => {
    expect(isolate(Object.assign(new Error("x"), { constructor: undefined }))).toMatchObject({ message: "x" });
  });

  it("that collect others", () => {
    expect(isolate(new AggregateError([new Error("a")], "both"))).toMatchObject({
      name: "AggregateError",
      message: "both",
      errors: [{ message: "a" }],
    });
  });
});

describe("isolate refuses, naming the place", () => {
  class Account {
    balance = 1;
  }
  const cycle: { self?: object } = {};
  cycle.self = cycle;

  it.each([
    [() => 1, "message is a function"],
    [Symbol("s"), "message is a symbol"],
    [{ user: { save() {} } }, "message.user.save is a function"],
    [[1, [Symbol("s")]], "message[1][0] is a symbol"],
    [{ "odd key": () => 1 }, 'message["odd key"] is a function'],
    [new Map([["k", () => 1]]), 'message["k"] is a function'],
    [new Set([() => 1]), "message[0] is a function"],
    [{ account: new Account() }, "message.account is an instance of Account"],
    [{ later: Promise.resolve() }, "message.later is an instance of Promise"],
    [new WeakMap(), "message is an instance of WeakMap"],
    [/x/, "message is an instance of RegExp"],
    [Object.create({}), "message is an instance of Object"],
    [Object.create(Object.create(null)), "message is an object of an unknown class"],
    [Object.assign(new Error("x"), { fn: () => 1 }), "message.fn is a function"],
    [new Error("x", { cause: { fn: () => 1 } }), "message.cause.fn is a function"],
    [cycle, "message.self contains itself"],
    [new SharedArrayBuffer(1), "message is an instance of SharedArrayBuffer"],
  ])("%o: %s", (value, text) => {
    expect(codeOf(() => isolate(value))).toBe("ERR_NOT_SENDABLE");
    expect(refusal(value)).toContain(`Cannot send as ${text}; only plain data can be sent to another process`);
  });

  it("an error that is its own cause", () => {
    const error = new Error("x");
    error.cause = error;
    expect(refusal(error)).toContain("message.cause contains itself");
  });

  it("a buffer that is gone", () => {
    const view = new Uint8Array(2);
    view.buffer.transfer();
    expect(refusal({ view })).toContain("message.view is a buffer that has been transferred already");
  });

  it("and carries the refused message", () => {
    const message = { fn: () => 1 };
    expect(thrownBy(() => isolate(message))).toMatchObject({
      code: "ERR_NOT_SENDABLE",
      reason: "badarg",
      value: message,
    });
  });

  const mine = new Error("mine");
  const fail = (): never => {
    throw mine;
  };
  const gone = Proxy.revocable({}, {});
  gone.revoke();

  it.each<[string, object, string, unknown]>([
    [
      "a getter",
      {
        a: [
          {
            get b() {
              return fail();
            },
          },
        ],
      },
      "message.a[0].b",
      mine,
    ],
    ["a proxy's trap", { a: new Proxy({}, { ownKeys: fail }) }, "message.a", mine],
    ["a revoked proxy", { a: gone.proxy }, "message.a", expect.any(TypeError)],
    ["a revoked proxy alone", gone.proxy, "message", expect.any(TypeError)],
  ])("names the place where %s throws, with what it threw as the cause", (_what, message, path, cause) => {
    const error = thrownBy(() => isolate(message)) as KrarupError; // the expectations below say so
    expect(error.code).toBe("ERR_NOT_SENDABLE");
    expect(error.message).toContain(`Cannot send as ${path} throws when it is read;`);
    expect(error.cause).toEqual(cause);
  });
});

describe("the limits of a message are exact", () => {
  const { depth, nodes, bytes } = MESSAGE_LIMITS;

  it.each([
    ["levels", () => nested(depth), () => nested(depth + 1)],
    [
      "objects",
      () => Array.from({ length: nodes / 2 - 1 }, () => ({})),
      () => Array.from({ length: nodes / 2 }, () => ({})),
    ],
    ["elements", () => new Array(nodes - 1), () => new Array(nodes)],
    [
      "entries of a Map",
      () => new Map(Array.from({ length: nodes - 1 }, (_, i) => [i, i])),
      () => new Map(Array.from({ length: nodes }, (_, i) => [i, i])),
    ],
    [
      "members of a Set",
      () => new Set(Array.from({ length: nodes - 1 }, (_, i) => i)),
      () => new Set(Array.from({ length: nodes }, (_, i) => i)),
    ],
    ["bytes", () => new Uint8Array(bytes), () => new Uint8Array(bytes + 1)],
    [
      "bytes in several parts",
      () => [new Uint8Array(bytes - 1), new ArrayBuffer(1)],
      () => [new Uint8Array(bytes - 1), new ArrayBuffer(2)],
    ],
  ])("%s", (_what, most, oneMore) => {
    expect(codeOf(() => isolate(most()))).toBeUndefined();
    expect(codeOf(() => isolate(oneMore()))).toBe("ERR_MESSAGE_LIMIT");
  });

  it("name the place, cut short", () => {
    expect(refusal(nested(10_000))).toMatch(
      /Cannot send as message(\.value)+\.val\.{3} is nested deeper than 1000 levels/,
    );
  });

  it("refuse an array of the greatest length at once", () => {
    expect(codeOf(() => isolate(new Array(2 ** 32 - 1)))).toBe("ERR_MESSAGE_LIMIT");
  });
});

describe("isolateMoving", () => {
  it("moves the buffer, and the views on it arrive with their place and length", () => {
    const bytes = new Uint8Array([1, 2, 3, 4]);
    const copy = isolateMoving({ all: bytes, middle: bytes.subarray(1, 3), buffer: bytes.buffer }, [bytes.buffer]);
    expect(copy).toEqual({
      all: new Uint8Array([1, 2, 3, 4]),
      middle: new Uint8Array([2, 3]),
      buffer: new Uint8Array([1, 2, 3, 4]).buffer,
    });
    expect(bytes.length).toBe(0);
  });

  it("counts what is moved for no limit", () => {
    const large = new ArrayBuffer(MESSAGE_LIMITS.bytes + 1);
    expect(isolateMoving({ large }, [large])).toMatchObject({ large: { byteLength: MESSAGE_LIMITS.bytes + 1 } });
  });

  it("copies what is not named", () => {
    const [moved, kept] = [new ArrayBuffer(1), new ArrayBuffer(1)];
    isolateMoving([moved, kept], [moved]);
    expect([moved.detached, kept.detached]).toEqual([true, false]);
  });

  it("takes a buffer named twice once", () => {
    const buffer = new ArrayBuffer(1);
    expect(isolateMoving(buffer, [buffer, buffer])).toMatchObject({ byteLength: 1 });
  });

  it.each([
    ["the message is refused", () => 1],
    ["another buffer is gone already", "gone"],
  ])("leaves the sender's buffers alone when %s", (_why, part) => {
    const [buffer, gone] = [new ArrayBuffer(1), new ArrayBuffer(1)];
    gone.transfer();
    expect(codeOf(() => isolateMoving([buffer, part], part === "gone" ? [buffer, gone] : [buffer]))).toBe(
      "ERR_NOT_SENDABLE",
    );
    expect(buffer.detached).toBe(false);
  });

  it("does not take Node's pool away", () => {
    const pooled = Buffer.from("abc");
    expect(codeOf(() => isolateMoving(pooled, [pooled.buffer]))).toBe("ERR_NOT_SENDABLE");
    expect(String(pooled)).toBe("abc");
  });
});

describe("immutable", () => {
  it("freezes in place, all the way down, and returns the value", () => {
    const value = { a: [{ b: 1 }] };
    expect(immutable(value)).toBe(value);
    expect([value, value.a, value.a[0]].every(Object.isFrozen)).toBe(true);
  });

  it.each([
    [{ m: new Map() }, "value.m is an instance of Map, which can change while frozen"],
    [[new Date(0)], "value[0] is an instance of Date, which can change while frozen"],
    [{ b: new Uint8Array(1) }, "value.b is an instance of Uint8Array, which can change while frozen"],
    [{ f: () => 1 }, "value.f is a function"],
    [
      {
        get g() {
          return 1;
        },
      },
      "value.g is a getter",
    ],
  ])("refuses %o", (value, text) => {
    expect(String(thrownBy(() => immutable(value)))).toContain(`Cannot make immutable as ${text}`);
  });

  it("refuses what contains itself", () => {
    const value: { self?: object } = {};
    value.self = value;
    expect(codeOf(() => immutable(value))).toBe("ERR_NOT_SENDABLE");
  });
});
