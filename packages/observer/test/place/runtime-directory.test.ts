import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareRuntimeDirectory, requirePrivate, runtimeDirectory } from "../../src/place/runtime-directory.ts";
import { socketPath } from "../../src/place/descriptor.ts";

let scratch = "";
beforeEach(() => void (scratch = mkdtempSync(join(tmpdir(), "krarup-test-"))));
afterEach(() => rmSync(scratch, { recursive: true }));

describe("runtimeDirectory", () => {
  it.each([
    [{ KRARUP_RUNTIME_DIR: "/own", XDG_RUNTIME_DIR: "/run/user/1" }, "/own"],
    [{ XDG_RUNTIME_DIR: "/run/user/1" }, "/run/user/1/krarup"],
    [{ KRARUP_RUNTIME_DIR: "", XDG_RUNTIME_DIR: "" }, join(tmpdir(), `krarup-${userInfo().uid}`)],
  ])("of the environment %o is %s", (env, directory) => {
    expect(runtimeDirectory(env)).toBe(directory);
  });
});

describe("prepareRuntimeDirectory", () => {
  it("makes a directory that only its owner may use", () => {
    prepareRuntimeDirectory(join(scratch, "a", "b"));
    expect(statSync(join(scratch, "a", "b")).mode & 0o777).toBe(0o700);
  });

  it("refuses what it cannot make", () => {
    writeFileSync(join(scratch, "file"), "");
    expect(() => prepareRuntimeDirectory(join(scratch, "file", "x"))).toThrow(
      expect.objectContaining({ code: "ERR_RUNTIME_DIRECTORY" }),
    );
  });
});

describe("requirePrivate", () => {
  it("tells that there is none", () => {
    expect(requirePrivate(join(scratch, "none"))).toBe(false);
  });

  it.each([
    ["that others may look into", (path: string) => mkdirSync(path, { mode: 0o755 }), /others may use it \(mode 755\)/],
    ["that is a link", (path: string) => symlinkSync(scratch, path), /it is a link/],
    ["that is a file", (path: string) => writeFileSync(path, ""), /it is no directory/],
  ])("refuses a directory %s", (_what, make, why) => {
    const path = join(scratch, "place");
    make(path);
    expect(() => requirePrivate(path)).toThrow(why);
  });
});

describe("socketPath", () => {
  it("refuses a path that the kernel would cut, in bytes", () => {
    expect(socketPath(`/${"d".repeat(84)}`, "01234567")).toHaveLength(99);
    expect(() => socketPath(`/${"d".repeat(85)}`, "01234567")).toThrow(
      expect.objectContaining({ code: "ERR_SOCKET_PATH" }),
    );
    expect(() => socketPath(`/${"ø".repeat(43)}`, "01234567")).toThrow(
      expect.objectContaining({ code: "ERR_SOCKET_PATH" }),
    );
  });
});
