import { describe, expect, it } from "vitest";
import { checkedResponse, checkPart } from "../../src/http/http-response.ts";
import { type HttpResponse, json } from "../../src/index.ts";

describe("a response", () => {
  it.each<[HttpResponse, unknown]>([
    [{}, { status: 200, headers: { "content-length": "0" }, body: "" }],
    [
      { body: "é" },
      { status: 200, headers: { "content-type": "text/plain; charset=utf-8", "content-length": "2" }, body: "é" },
    ],
    [
      { headers: { "Content-Type": "text/html", "Content-Length": "999" }, body: "<p>" },
      { status: 200, headers: { "content-type": "text/html", "content-length": "3" }, body: "<p>" },
    ],
    [{ status: 204 }, { status: 204, headers: {}, body: "" }],
    [
      { headers: { "set-cookie": ["a=1", "b=2"] }, body: new Uint8Array(3) },
      { status: 200, headers: { "set-cookie": ["a=1", "b=2"], "content-length": "3" }, body: new Uint8Array(3) },
    ],
  ])("%j is completed", (given, expected) => {
    expect(checkedResponse(given)).toEqual(expected);
  });

  it.each([undefined, null, "text", { status: 99 }, { status: 101 }, { status: 2.5 }, { body: 7 }, { body: null }])(
    "%j is none",
    (given) => {
      // A handler in JavaScript can return anything.
      expect(() => checkedResponse(given as HttpResponse)).toThrow(
        expect.objectContaining({ code: "ERR_BAD_ARGUMENT" }),
      );
    },
  );

  it("has parts that are texts or bytes", () => {
    checkPart("text");
    checkPart(new Uint8Array(1));
    expect(() => checkPart(7)).toThrow("a part of the body must be a text or bytes: current value is 7");
  });
});

describe("json", () => {
  it("is a response with the value as JSON", () => {
    expect(json([1])).toEqual({ status: 200, headers: { "content-type": "application/json" }, body: "[1]" });
  });

  it("takes status and headers", () => {
    const rest = { status: 422, headers: { "content-type": "application/problem+json", "x-a": "b" } };
    expect(json({}, rest)).toEqual({ ...rest, body: "{}" });
  });

  it("refuses what JSON cannot express", () => {
    expect(() => json(undefined)).toThrow(/must be something that JSON can express/);
  });
});
