import { describe, expect, it } from "vitest";
import { describeIssue } from "../src/standard-schema.ts";

describe("describeIssue", () => {
  it.each([
    [{ message: "Expected an object" }, "Expected an object"],
    [{ message: "Too long", path: ["hosts", 0] }, "hosts.0: Too long"],
    [{ message: "Too long", path: [{ key: "hosts" }, { key: 1 }] }, "hosts.1: Too long"],
  ])("says of %j: %s", (issue, text) => {
    expect(describeIssue(issue)).toBe(text);
  });
});
