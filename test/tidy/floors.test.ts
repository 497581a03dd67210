import { describe, expect, it } from "vitest";
import { checkFloors } from "./floors.ts";

describe("checkFloors", () => {
  it.each([
    ["packages/core/src/kernel/node.ts", "../mechanisms/mailbox.ts"],
    ["packages/core/src/kernel/node.ts", "./platform.ts"],
    ["packages/core/src/platforms/node.ts", "../kernel/platform.ts"],
    ["packages/core/src/index.ts", "./platforms/node.ts"],
    ["packages/supervisor/src/supervisor.ts", "@krarup/core/internal"],
    ["packages/cli/src/main.ts", "@krarup/observer"],
    ["packages/cli/src/main.ts", "node:fs"],
    ["packages/observer/src/server.ts", "msgpackr"],
    ["packages/ports/src/outside/streams.ts", "node:net"],
    ["packages/ports/src/thread/thread.ts", "node:worker_threads"],
    ["packages/observer/src/server.ts", "node:net"],
    ["packages/testing/src/simulation.ts", "@krarup/ports/internal"],
    ["test/tidy/house.test.ts", "node:fs"],
  ])("%s may import %s", (path, specifier) => {
    expect(messages(path, specifier)).toEqual([]);
  });

  it.each([
    ["packages/core/src/values/pid.ts", "../kernel/node.ts", "values may not import kernel/node.ts"],
    ["packages/core/src/mechanisms/mailbox.ts", "../kernel/process.ts", "mechanisms may not import kernel/process.ts"],
    ["packages/core/src/kernel/node.ts", "../behaviours/task.ts", "kernel may not import behaviours/task.ts"],
    ["packages/core/src/kernel/node.ts", "../platforms/node.ts", "kernel may not import platforms/node.ts"],
    ["packages/core/src/kernel/node.ts", "../index.ts", "kernel may not import index.ts"],
    ["packages/core/src/platforms/node.ts", "../kernel/node.ts", "platforms may not import kernel/node.ts"],
    ["packages/core/src/attic/old.ts", "../values/pid.ts", "core has no floor attic"],
    [
      "packages/core/src/index.ts",
      "../../supervisor/src/index.ts",
      "a relative import may not leave the package: ../../supervisor/src/index.ts",
    ],
    ["packages/core/src/index.ts", "@krarup/supervisor", "core may not import supervisor"],
    ["packages/supervisor/src/tree.ts", "@krarup/testing", "supervisor may not import testing"],
    [
      "packages/ports/src/net/tcp.ts",
      "node:net",
      "the world is reached by way of outside/: net/tcp.ts may not import node:net",
    ],
    [
      "packages/ports/src/file/file.ts",
      "node:fs/promises",
      "the world is reached by way of outside/: file/file.ts may not import node:fs/promises",
    ],
    ["packages/core/src/platforms/node.ts", "node:fs", "core knows no platform: it may not import node:fs"],
  ])("%s may not import %s", (path, specifier, message) => {
    expect(messages(path, specifier)).toEqual([message]);
  });

  it.each([
    `import type { Node } from "../kernel/node.ts";`,
    `export * from "../kernel/node.ts";`,
    `export { Node } from "../kernel/node.ts";`,
    `const node = await import("../kernel/node.ts");`,
    `type Node = import("../kernel/node.ts").Node;`,
  ])("sees %s", (text) => {
    expect(checkFloors({ path: "packages/core/src/values/pid.ts", text })).toHaveLength(1);
  });
});

function messages(path: string, specifier: string): string[] {
  const text = `import { it } from "${specifier}";`;
  return checkFloors({ path, text }).map(({ message }) => message);
}
