import { lookup, resolve, reverse } from "@krarup/ports";
import { describe, expect, it } from "vitest";
import { simulation } from "../../src/index.ts";
import { brief } from "../stage.ts";

describe("the name service", () => {
  it("knows the machines, their aliases, and what it was told", async () => {
    const world = simulation();
    const [a] = [world.machine("a"), world.machine("b")];
    world.network.alias("www.example.org", "b");
    world.network.setRecords("example.org", { mx: [{ exchange: "mail.example.org", priority: 10 }], txt: ["v=1"] });
    const answers = await world.run(a, function* () {
      return [
        yield* lookup("b"),
        yield* lookup("www.example.org"),
        yield* lookup("localhost"),
        yield* resolve("example.org", "mx"),
        yield* resolve("example.org", "txt"),
        yield* reverse("10.0.0.2"),
        brief(yield* lookup("nowhere")),
        brief(yield* resolve("example.org", "srv")),
      ];
    });
    expect(answers).toEqual([
      ["10.0.0.2"],
      ["10.0.0.2"],
      ["127.0.0.1"],
      [{ exchange: "mail.example.org", priority: 10 }],
      ["v=1"],
      ["b"],
      "enotfound",
      "enotfound",
    ]);
  });

  it.each([
    ["is down", { isDown: true }, "timeout"],
    ["is slow", { latencyMs: 60_000 }, "timeout"],
    ["fails", { failsWith: "ESERVFAIL" }, "eservfail"],
  ])("that %s answers with an error: %o, %s", async (_what, options, code) => {
    const world = simulation();
    world.network.setNameService(options);
    expect(brief(await world.run(world.machine("a"), () => lookup("a")))).toBe(code);
  });
});
