import { describe, expect, it } from "vitest";
import { NameTable } from "../../src/mechanisms/name-table.ts";
import { codeOf } from "../laboratory.ts";
const [a, b] = [{ toString: () => "<a>" }, { toString: () => "<b>" }];
describe("a name table", () => {
    it("finds the holder of a name and the name of a holder", () => {
        const names = new NameTable();
        names.register("x", a);
        expect([names.whereis("x"), names.nameOf(a)]).toEqual([a, "x"]);
        expect([names.whereis("y"), names.nameOf(b)]).toEqual([undefined, undefined]);
    });
    it("lists names in order of registration", () => {
        const names = new NameTable();
        names.register("z", a);
        names.register("a", b);
        expect(names.names()).toEqual(["z", "a"]);
    });
    it.each([
        ["a name that is held", "x", b],
        ["a holder that has a name", "y", a],
        ["the same pair again, as in Erlang", "x", a],
    ])("refuses %s", (_case, name, holder) => {
        const names = new NameTable();
        names.register("x", a);
        expect(codeOf(() => names.register(name, holder))).toBe("ERR_NAME_TAKEN");
    });
    it.each(["", "undefined", 5, null, undefined, Symbol("x")])("refuses the name %s", (name) => {
        // A caller without types can pass anything.
        expect(codeOf(() => new NameTable().register(name, a))).toBe("ERR_BAD_ARGUMENT");
    });
    it.each(["__proto__", "constructor", "toString", "user name ✝"])("takes the name %s like any other", (name) => {
        const names = new NameTable();
        expect(names.whereis(name)).toBeUndefined();
        names.register(name, a);
        expect(names.whereis(name)).toBe(a);
    });
    it("frees a name for another holder", () => {
        const names = new NameTable();
        names.register("x", a);
        expect([names.unregister("x"), names.unregister("x")]).toEqual([a, undefined]);
        names.register("x", b);
        expect(names.whereis("x")).toBe(b);
    });
});
