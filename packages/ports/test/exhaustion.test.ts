// What runs out in the machine: an error for who asks, and nothing else.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replaceFile, writeFile } from "../src/index.ts";
import { codeIn, perform } from "./stage.ts";

const hasShell = existsSync("/bin/sh") && process.platform !== "win32";

describe.skipIf(!hasShell)("a program that has no more descriptors, limited by a shell where there is one,", () => {
  it("gets emfile for each attempt, keeps what it has, and goes on when some are free again", () => {
    const script = join(import.meta.dirname, "fixtures/few-descriptors.ts");
    const command = `ulimit -n 80; exec "$0" --conditions=@krarup/source "$1"`;
    const { stdout, stderr } = spawnSync("/bin/sh", ["-c", command, process.execPath, script], {
      encoding: "utf8",
      timeout: 20_000,
    });
    expect(stderr).toBe("");
    const outcome: unknown = JSON.parse(stdout);
    expect(outcome).toMatchObject({ refused: "emfile", codes: ["emfile", "emfile", "emfile"], after: "hello" });
    expect(outcome).toHaveProperty("held", expect.any(Number));
  }, 30_000);
});

/** Makes a folder with a file system of 64 KiB. @returns null when this user may not mount one */
function mountSmallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "krarup-full-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status === 0) return folder;
  rmSync(folder, { recursive: true });
  return null;
}

function unmount(folder: string): void {
  spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true });
}

/** Tries it, and leaves nothing. */
function canMount(): boolean {
  const folder = mountSmallDisk();
  if (folder !== null) unmount(folder);
  return folder !== null;
}

describe.skipIf(!canMount())("a full disk, for which the user must be able to mount one where this is skipped,", () => {
  it("is enospc for writeFile, and for a replaceFile that leaves the old content and no draft", async () => {
    const folder = mountSmallDisk() ?? "";
    const path = join(folder, "kept");
    const fill = perform(function* () {
      expect(yield* replaceFile(path, "old content")).toBe("ok");
      expect(codeIn(yield* replaceFile(path, new Uint8Array(200_000)))).toBe("enospc");
      expect(readFileSync(path, "utf8")).toBe("old content");
      expect(readdirSync(folder)).toEqual(["kept"]);
      expect(codeIn(yield* writeFile(join(folder, "large"), new Uint8Array(200_000)))).toBe("enospc");
    });
    await fill.finally(() => unmount(folder));
  });
});
