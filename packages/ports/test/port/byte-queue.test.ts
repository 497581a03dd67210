import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteQueue } from "../../src/port/byte-queue.ts";

describe("a queue of bytes", () => {
  it("gives back what was put in, however it is cut", () => {
    const cuts = fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 30 })), { maxLength: 60 });
    fc.assert(
      fc.property(cuts, (steps) => {
        const queue = new ByteQueue();
        const model: number[] = [];
        for (const step of steps) {
          const isTaking = typeof step === "number";
          const taken = isTaking ? [...queue.take(Math.min(step, model.length))] : [];
          if (!isTaking) queue.push(step);
          if (!isTaking) model.push(...step);
          expect(taken).toEqual(model.splice(0, taken.length));
          expect(queue.length).toBe(model.length);
          expect(queue.lineLength()).toBe(model.indexOf(10) + 1);
        }
      }),
    );
  });

  it("never writes to a chunk that it was given", () => {
    const queue = new ByteQueue();
    const pool = Uint8Array.of(1, 2, 3, 4);
    queue.push(pool.subarray(0, 2));
    queue.push(Uint8Array.of(9, 9));
    expect([...pool]).toEqual([1, 2, 3, 4]);
    expect([...queue.take(4)]).toEqual([1, 2, 9, 9]);
  });

  it("reads a big-endian number without taking it", () => {
    const queue = new ByteQueue();
    queue.push(Uint8Array.of(255, 0, 1, 2));
    expect([queue.peekNumber(1), queue.peekNumber(2), queue.peekNumber(4)]).toEqual([255, 65_280, 0xff000102]);
    expect(queue.length).toBe(4);
  });

  it("takes in a million single bytes in linear time", () => {
    const queue = new ByteQueue();
    for (let i = 0; i < 1_000_000; i++) {
      queue.push(Uint8Array.of(65));
      queue.lineLength();
    }
    expect(queue.length).toBe(1_000_000);
  });
});
