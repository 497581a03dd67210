import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { encodeCommand } from "../../examples/kv/reply.ts";
import { type Command, RequestParser } from "../../examples/kv/request-parser.ts";

const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const command: fc.Arbitrary<Command> = fc.array(fc.string({ unit: byte, maxLength: 40 }), {
  minLength: 1,
  maxLength: 6,
});

describe("RequestParser", () => {
  it("takes the same commands wherever the bytes are split", () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 4 }), (commands) => {
        const text = commands.map(encodeCommand).join("");
        for (let at = 0; at <= text.length; at++)
          expect(parse(text.slice(0, at), text.slice(at))).toEqual({ commands, garbage: null, isWaiting: false });
        expect(parse(...Array.from(text))).toEqual({ commands, garbage: null, isWaiting: false });
      }),
      { numRuns: 50 },
    );
  });

  it("says of any bytes at all the same however they come, and throws at none", () => {
    const likely = fc.constantFrom(
      "*",
      "$",
      "\r\n",
      "\n",
      "-1",
      "0",
      "1",
      "2",
      "\r\n$1\r\nx\r\n",
      "PING",
      " ",
      "x",
      "\x00",
      "\xff",
    );
    fc.assert(
      fc.property(fc.array(likely, { maxLength: 30 }), fc.infiniteStream(fc.boolean()), (parts, cuts) => {
        const whole = parse(parts.join(""));
        const pieces: string[] = [""];
        for (const each of parts.join("")) {
          if (cuts.next().value === true) pieces.push("");
          pieces[pieces.length - 1] += each;
        }
        const pieced = parse(...pieces);
        expect(pieced.commands).toEqual(whole.commands);
        expect(pieced.garbage).toBe(whole.garbage);
      }),
    );
  });

  it.each([
    ["PING\r\n", [["PING"]]],
    ["  SET  a\tb  \n", [["SET", "a", "b"]]],
    ["\r\n\r\nPING\r\n", [["PING"]]],
    ["*0\r\n*-1\r\nPING\r\n", [["PING"]]],
    ["*1\r\n$0\r\n\r\n", [[""]]],
  ])("takes %j as %j", (text, commands) => expect(parse(text).commands).toEqual(commands));

  it.each([
    ["*x\r\n", "invalid multibulk length"],
    ["*\r\n", "invalid multibulk length"],
    ["*65537\r\n", "invalid multibulk length"],
    ["*99999999999999999999", "invalid multibulk length"],
    ["*1\r\n:1\r\n", "expected '$', got ':'"],
    ["*1\r\nGET / HTTP/1.1\r\n", "expected '$', got 'G'"],
    ["*1\r\n$-1\r\n", "invalid bulk length"],
    ["*1\r\n$x\r\n", "invalid bulk length"],
    ["*1\r\n$16777217\r\n", "invalid bulk length"],
    ["x".repeat(65_537), "too big inline request"],
  ])("calls %j… garbage", (text, why) => {
    const { commands, garbage } = parse(text, "PING\r\n");
    expect(commands).toEqual([]);
    expect(garbage).toBe(`ERR Protocol error: ${why}`);
  });

  it("takes what came before the garbage", () => {
    expect(parse("PING\r\n*x\r\n")).toMatchObject({
      commands: [["PING"]],
      garbage: expect.stringContaining("multibulk"),
    });
  });

  it("calls a command garbage whose arguments are together beyond the limit", () => {
    const parser = new RequestParser();
    const part = Buffer.from(`$16777216\r\n${"x".repeat(16_777_216)}\r\n`);
    parser.push(Buffer.from("*5\r\n"));
    for (let i = 0; i < 4; i++) {
      parser.push(part);
      expect(parser.next()).toBeNull();
      expect(parser.garbage).toBeNull();
    }
    parser.push(Buffer.from("$1\r\n"));
    expect(parser.next()).toBeNull();
    expect(parser.garbage).toBe("ERR Protocol error: invalid bulk length");
  });

  it("looks at nothing twice while bytes of a long argument are missing", () => {
    const parser = new RequestParser();
    const argument = "x".repeat(4_000_000);
    const bytes = Buffer.from(encodeCommand(["SET", "k", argument]));
    const concat = vi.spyOn(Buffer, "concat");
    const taken: (Command | null)[] = [];
    for (let at = 0; at < bytes.length; at += 1_000) {
      parser.push(bytes.subarray(at, at + 1_000));
      taken.push(parser.next());
    }
    const copied = concat.mock.calls.flatMap(([list]) => list).reduce((sum, { length }) => sum + length, 0);
    concat.mockRestore();
    expect(taken.filter((each) => each !== null)).toEqual([["SET", "k", argument]]);
    expect(parser.isWaiting).toBe(false);
    expect(copied).toBeLessThan(2 * bytes.length);
  });
});

/** What a parser makes of `pieces`, which come one after the other. */
function parse(...pieces: string[]): { commands: Command[]; garbage: string | null; isWaiting: boolean } {
  const parser = new RequestParser();
  const commands: Command[] = [];
  for (const piece of pieces) {
    parser.push(Buffer.from(piece, "latin1"));
    for (let next = parser.next(); next !== null; next = parser.next()) commands.push(next);
  }
  return { commands, garbage: parser.garbage, isWaiting: parser.isWaiting };
}
