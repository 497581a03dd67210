import { describe, expect, it } from "vitest";
import { addLink, hasLink, listLinks, removeLink } from "../../src/mechanisms/links.ts";
const [a, b, c] = [{ name: "a" }, { name: "b" }, { name: "c" }];
function linksTo(...peers) {
    return peers.reduce(addLink, null);
}
describe("links", () => {
    it("are null, the one peer, or a set", () => {
        expect(linksTo()).toBeNull();
        expect(linksTo(a)).toBe(a);
        expect(linksTo(a, b)).toEqual(new Set([a, b]));
    });
    it("are listed in the order of linking", () => {
        expect(listLinks(linksTo(c, a, b))).toEqual([c, a, b]);
        expect(listLinks(linksTo(a))).toEqual([a]);
        expect(listLinks(null)).toEqual([]);
    });
    it.each([1, 2])("hold a peer once, however often it is added (%i peers)", (count) => {
        const peers = [a, b].slice(0, count);
        expect(listLinks(linksTo(...peers, ...peers))).toEqual(peers);
    });
    it("know whom they hold", () => {
        expect([null, a, linksTo(a, b)].map((links) => hasLink(links, a))).toEqual([false, true, true]);
        expect([null, b, linksTo(b, c)].map((links) => hasLink(links, a))).toEqual([false, false, false]);
    });
    it("become null again when the last is removed", () => {
        expect(removeLink(linksTo(a), a)).toBeNull();
        expect([a, b].reduce(removeLink, linksTo(a, b))).toBeNull();
    });
    it("are unchanged by the removal of a stranger", () => {
        expect(removeLink(null, a)).toBeNull();
        expect(removeLink(linksTo(b), a)).toBe(b);
        expect(listLinks(removeLink(linksTo(b, c), a))).toEqual([b, c]);
    });
});
