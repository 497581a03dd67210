import { describe, expect, it } from "vitest";
import { RunQueue } from "../../src/mechanisms/run-queue.ts";
class Item {
    nextRunnable = null;
    name;
    constructor(name) {
        this.name = name;
    }
}
function queueOf(...names) {
    const queue = new RunQueue();
    for (const name of names)
        queue.push(new Item(name));
    return queue;
}
function drain(queue) {
    const names = [];
    for (let item = queue.shift(); item !== null; item = queue.shift())
        names.push(item.name);
    return names;
}
describe("a run queue", () => {
    it("is first in, first out", () => {
        expect(drain(queueOf("a", "b", "c"))).toEqual(["a", "b", "c"]);
    });
    it("counts", () => {
        const queue = queueOf("a", "b");
        queue.shift();
        expect(queue.length).toBe(1);
    });
    it("gives null when empty, and can be filled again", () => {
        const queue = queueOf("a");
        drain(queue);
        expect(queue.shift()).toBeNull();
        queue.push(new Item("b"));
        expect(drain(queue)).toEqual(["b"]);
    });
    it.each([
        [0, "a", ["b", "c"]],
        [1, "b", ["a", "c"]],
        [2, "c", ["a", "b"]],
    ])("takeAt(%i) takes %s and keeps the order of the rest", (position, name, rest) => {
        const queue = queueOf("a", "b", "c");
        expect(queue.takeAt(position)?.name).toBe(name);
        expect(queue.length).toBe(2);
        queue.push(new Item("d"));
        expect(drain(queue)).toEqual([...rest, "d"]);
    });
    it("lets go of what it hands out", () => {
        const queue = queueOf("a", "b");
        expect(queue.shift()?.nextRunnable).toBeNull();
    });
});
