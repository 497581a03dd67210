import { describe, expect, it } from "vitest";
import { matches } from "../../src/mechanisms/pattern.ts";
import { Ref } from "../../src/values/ref.ts";
const ref = new Ref(1);
describe("matches", () => {
    it.each([
        // pattern            message                       matches
        [{}, { type: "a" }, true],
        [{ type: "a" }, { type: "a" }, true],
        [{ type: "a" }, { type: "a", more: 1 }, true],
        [{ type: "a" }, { type: "b" }, false],
        [{ type: "a" }, {}, false],
        [{ user: { name: "x" } }, { user: { name: "x", age: 3 } }, true],
        [{ user: { name: "x" } }, { user: "x" }, false],
        [{ user: { name: "x" } }, { user: null }, false],
        [["ok", 1], ["ok", 1], true],
        [["ok"], ["ok", 1], false],
        [["ok", { a: 1 }], ["ok", { a: 1, b: 2 }], true],
        [[], {}, false],
        [{}, [], true],
        [{ a: undefined }, { a: undefined }, true],
        [{ a: undefined }, {}, false],
        ["a", "a", true],
        ["a", "b", false],
        [Number.NaN, Number.NaN, true],
        [0, -0, false],
        [1n, 1n, true],
        [null, null, true],
        [null, {}, false],
        [{ ref }, { ref }, true],
        [{ ref }, { ref: new Ref(1) }, false],
    ])("%o against %o: %s", (pattern, message, expected) => {
        expect(matches(pattern, message)).toBe(expected);
    });
    it("compares what is no plain object by identity", () => {
        const date = new Date(0);
        expect(matches({ date }, { date })).toBe(true);
        expect(matches({ date: new Date(0) }, { date: new Date(0) })).toBe(false);
    });
    it("looks at own properties of the message only", () => {
        expect(matches({ toString: Object.prototype.toString }, {})).toBe(false);
        expect(matches(JSON.parse('{"__proto__": {}}'), {})).toBe(false);
    });
    it("takes patterns without prototype", () => {
        expect(matches(Object.assign(Object.create(null), { a: 1 }), { a: 1 })).toBe(true);
    });
});
