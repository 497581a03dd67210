import { dictionaryKey, type Self } from "@krarup/core";
import { expect, it } from "vitest";
import { laboratory } from "../laboratory.ts";

const tries = dictionaryKey<number>("tries");

it("put returns what was there, get reads, erase removes", () => {
  expect(
    laboratory().play(function* (self: Self) {
      return [
        self.get(tries),
        self.put(tries, 1),
        self.put(tries, 2),
        self.get(tries),
        self.erase(tries),
        self.get(tries),
      ];
    }),
  ).toEqual([undefined, undefined, 1, 2, 2, undefined]);
});

it("keys are the same only when they are ===", () => {
  expect(
    laboratory().play(function* (self: Self) {
      self.put(tries, 1);
      return self.get(dictionaryKey<number>("tries"));
    }),
  ).toBeUndefined();
});

it("each process has its own", () => {
  const { run, play } = laboratory();
  run(function* (self: Self) {
    self.put(tries, 1);
    yield* self.receive();
  });
  expect(
    play(function* (self: Self) {
      return self.get(tries);
    }),
  ).toBeUndefined();
});
