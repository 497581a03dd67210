import { describe, expect, it } from "vitest";
import { ChangeQueue } from "../../src/outside/change-queue.ts";

function taken(queue: ChangeQueue): string[] {
  const all: string[] = [];
  for (let change = queue.take(); change !== null; change = queue.take()) all.push(`${change.kind} ${change.path}`);
  return all;
}

describe("changes that wait", () => {
  it("are read in the order in which they were first told, those that say the same as one", () => {
    const queue = new ChangeQueue("d", 3);
    queue.add("changed", "d/a");
    queue.add("renamed", "d/a");
    queue.add("changed", "d/b");
    queue.add("changed", "d/a");
    expect(taken(queue)).toEqual(["changed d/a", "renamed d/a", "changed d/b"]);
  });

  it("become one overflow when they are too many, which takes in what comes until it is read", () => {
    const queue = new ChangeQueue("d", 1);
    queue.add("changed", "d/a");
    queue.add("changed", "d/b");
    queue.add("changed", "d/c");
    expect(taken(queue)).toEqual(["overflow d"]);
    queue.add("changed", "d/c");
    expect(taken(queue)).toEqual(["changed d/c"]);
  });
});
