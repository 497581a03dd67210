import { isAlive, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import {
  closeWrite,
  jsonLines,
  type Plain,
  read,
  readLine,
  setActive,
  type ValueOptions,
  write,
} from "../../src/index.ts";
import { codeIn, pair, perform } from "../stage.ts";

/** What a port with this framing makes of `line`. */
function readFrom(line: string | Uint8Array, options: ValueOptions<Plain> = {}): Promise<unknown> {
  return perform(function* () {
    const { client, server } = yield* pair({ framing: jsonLines(options) });
    yield* write(client, line);
    const answer = yield* read(server);
    expect(isAlive(server)).toBe(!("code" in answer));
    return answer.type === "value" ? answer.value : answer.code;
  });
}

describe("jsonLines", () => {
  it.each([
    ["null\n", null],
    [' "a\\nb" \r\n', "a\nb"],
    ['{"a":[1,{"b":true}],"constructor":{"prototype":1}}\n', { a: [1, { b: true }], constructor: { prototype: 1 } }],
    ['{"type":"error","code":"closed"}\n', { type: "error", code: "closed" }],
  ])("reads %j", async (line, value) => {
    expect(await readFrom(line)).toEqual(value);
  });

  it.each([
    ["no JSON", "{no}\n"],
    ["nothing", "\n"],
    ["two values", "1 2\n"],
    ["a key __proto__", '{"a":[{"__proto__":{"isAdmin":true}}]}\n'],
    ["bytes that are no UTF-8", Uint8Array.of(34, 0xff, 34, 10)],
  ])("refuses %s with ebadmsg and closes", async (_what, line) => {
    expect(await readFrom(line)).toBe("ebadmsg");
  });

  it("counts levels and values, and refuses one more than the limit with emsgsize", async () => {
    expect(await readFrom("[[1]]\n", { depthMax: 2 })).toEqual([[1]]);
    expect(await readFrom("[[[]]]\n", { depthMax: 2 })).toBe("emsgsize");
    expect(await readFrom('[1,{"a":2}]\n', { valuesMax: 4 })).toEqual([1, { a: 2 }]);
    expect(await readFrom('[1,{"a":2},3]\n', { valuesMax: 4 })).toBe("emsgsize");
  });

  it("takes the largest value that its limits allow, also as a message", () =>
    perform(function* (self) {
      const framing = jsonLines({ valuesMax: 400_000 });
      const { client, server } = yield* pair({ framing, packetBytesMax: 2_000_000 });
      const writer = spawn(function* () {
        yield* write(client, `[${"{},".repeat(399_998)}{}]\n`);
      });
      yield* setActive(server, "once");
      expect(yield* self.receive().after(4_000)).toMatchObject({ data: { type: "value", value: { length: 399_999 } } });
      expect(isAlive(writer)).toBe(false);
    }));

  it("survives half a million levels", async () => {
    expect(await readFrom(`${"[".repeat(500_000)}${"]".repeat(500_000)}\n`)).toBe("emsgsize");
  });

  it("takes a last line without its newline, and refuses half a value", () =>
    perform(function* () {
      for (const [rest, expected] of [
        ['{"last":1}', { type: "value", value: { last: 1 } }],
        ['{"last":', "ebadmsg"],
      ]) {
        const { client, server } = yield* pair({ framing: jsonLines() });
        yield* write(client, String(rest));
        yield* closeWrite(client);
        expect(codeIn(yield* read(server))).toEqual(expected);
      }
    }));

  it("sends values as messages in active mode", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ framing: jsonLines() });
      yield* write(client, "[1]\n[2]\n");
      yield* setActive(server, 2);
      const messages = [yield* self.receive(), yield* self.receive(), yield* self.receive()];
      expect(messages).toEqual([
        { type: "data", port: server, data: { type: "value", value: [1] } },
        { type: "data", port: server, data: { type: "value", value: [2] } },
        { type: "passive", port: server },
      ]);
    }));

  it("writes a value as one line", () =>
    perform(function* () {
      const { client, server } = yield* pair({ framing: jsonLines() });
      expect(yield* write(server, { text: "two\nlines", list: [null, 1.5] })).toBe("ok");
      expect(yield* readLine(client)).toBe('{"text":"two\\nlines","list":[null,1.5]}');
    }));

  it.each([
    ["a Date", new Date(0)],
    ["a Map", new Map([[1, 2]])],
    ["bytes", new Uint8Array(1)],
    ["a bigint", 1n],
    ["no number", { a: [NaN] }],
    ["nothing", { a: undefined }],
    ["a key __proto__", JSON.parse('{"__proto__":1}') as object],
  ])("answers einval to a write of %s, and goes on", (_what, value) =>
    perform(function* () {
      const { client, server } = yield* pair({ framing: jsonLines() });
      // What a program without types could pass.
      expect(codeIn(yield* write(server, value as unknown as Plain))).toBe("einval");
      expect(yield* write(server, "next")).toBe("ok");
      expect(yield* readLine(client)).toBe('"next"');
    }),
  );

  it("lets a schema decide and change what comes", () =>
    perform(function* () {
      const { client, server } = yield* pair({ framing: jsonLines({ schema: celsius() }) });
      yield* write(client, '{"celsius":21}\n{"kelvin":294}\n');
      expect(yield* read(server)).toEqual({ type: "value", value: 21 });
      expect(codeIn(yield* read(server))).toBe("ebadmsg");
    }));

  it.each([
    [{ depthMax: 0 }, "depthMax must be an integer from 1 to 500"],
    [{ depthMax: 501 }, "depthMax must be an integer from 1 to 500"],
    [{ valuesMax: 1.5 }, "valuesMax must be an integer from 1 to 400000"],
  ])("throws for %j", (options, message) => {
    expect(() => jsonLines(options)).toThrow(message);
  });
});

/** A validator as a library makes one. */
function celsius(): NonNullable<ValueOptions<number>["schema"]> {
  const validate = (value: unknown) =>
    typeof value === "object" && value !== null && "celsius" in value && typeof value.celsius === "number"
      ? { value: value.celsius }
      : { issues: [{ message: "no temperature" }] };
  return { "~standard": { version: 1, vendor: "test", validate } };
}
