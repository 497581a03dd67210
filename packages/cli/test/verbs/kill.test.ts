import { describe, expect, it } from "vitest";
import { useStage } from "../command.ts";

const stage = useStage();

async function pidOf(name: string): Promise<string | undefined> {
  const { stdout } = await stage.krarup(["info", name, "--json"]);
  return /"pid":"([^"]+)"/.exec(stdout)?.[1];
}

describe("krarup kill", () => {
  it("ends a supervised process, which comes back with another pid and is counted", async () => {
    const shop = stage.start(["run", "shop.ts"]);
    await shop.printed("till open");
    const before = await pidOf("clerk");
    const { code, stdout } = await stage.krarup(["kill", "clerk", "--reason", "closing", "--yes"]);
    expect([code, stdout]).toEqual([0, `ended clerk ${before} with reason closing\n`]);
    const after = await pidOf("clerk");
    expect(after).toMatch(/^<0\.\d+\.\d+>$/);
    expect(after).not.toBe(before);
    expect((await stage.krarup(["tree"])).stdout).toMatch(/clerk .* ↻ 1\n/);
    expect((await stage.krarup(["info", before ?? ""])).code).toBe(4);
  });

  it("answers in JSON", async () => {
    const { stdout } = await stage.krarup(["kill", "clerk", "--yes", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "krarup.kill/1",
      node: "shop",
      data: [{ name: "clerk", reason: "shutdown", isAlive: false }],
    });
  });

  it("tells when a process traps the signal", async () => {
    expect((await stage.krarup(["kill", "visitors", "-y"])).stdout).toMatch(
      /^sent visitors <\S+> the exit signal shutdown: it traps exits and is alive\n$/,
    );
  });

  it("asks nobody where there is no terminal, and ends nothing", async () => {
    const before = await pidOf("clerk");
    const { code, stderr } = await stage.krarup(["kill", "clerk"]);
    expect([code, stderr]).toEqual([
      6,
      `error: Cannot end a process unasked as there is no terminal to ask on\nhint: krarup kill ${before?.slice(1, -1)} --yes\n`,
    ]);
    expect(await pidOf("clerk")).toBe(before);
  });
});
