import { inspect } from "node:util";
import { makeRef, Ref } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory } from "../laboratory.ts";

describe("a ref", () => {
  it("equals itself only", () => {
    laboratory().play(function* () {
      expect(makeRef()).not.toBe(makeRef());
    });
  });

  it("prints as itself, in strings, in JSON and in the console", () => {
    const ref = new Ref(17);
    expect([String(ref), JSON.stringify({ ref }), inspect(ref)]).toEqual([
      "#Ref<0.17>",
      '{"ref":"#Ref<0.17>"}',
      "#Ref<0.17>",
    ]);
  });
});
