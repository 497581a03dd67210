import { existsSync, rmSync } from "node:fs";
import { findNodes, visit } from "@krarup/observer/client";
import { describe, expect, it } from "vitest";
import { useLab } from "../lab.ts";

const lab = useLab();

describe("visit", () => {
  it("connects to a node that is there", async () => {
    await lab().inspect({ name: "other" });
    const [entry] = findNodes(lab().directory);
    expect(entry?.descriptor).toMatchObject({
      name: "other",
      pid: process.pid,
      mode: "rw",
      protocol: 1,
    });
    const visited = entry === undefined ? undefined : await visit(entry, {}, lab().directory);
    expect(visited?.type).toBe("connected");
    if (visited?.type === "connected") lab().closing(visited.client);
  });

  it("keeps an entry whose program runs, even if nobody answers", async () => {
    const inspection = await lab().inspect();
    const [entry] = findNodes(lab().directory);
    rmSync(inspection.endpoint);
    expect(entry === undefined ? undefined : await visit(entry, {}, lab().directory)).toMatchObject({
      type: "failed",
      error: { code: "ERR_CONNECTION" },
    });
    expect(existsSync(inspection.endpoint.replace(/sock$/, "json"))).toBe(true);
  });
});
