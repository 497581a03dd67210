import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  copyFile,
  delDir,
  delDirR,
  deleteFile,
  listDir,
  makeDir,
  orExit,
  readFile,
  readFileInfo,
  renameFile,
  writeFile,
} from "../../src/index.ts";
import { codeIn, perform, text } from "../stage.ts";

let folder = "";
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ports-paths-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a directory", () => {
  it("is made, listed in order, and removed when it is empty", () =>
    perform(function* () {
      expect(yield* makeDir(at("a"))).toBe("ok");
      expect(codeIn(yield* makeDir(at("a")))).toBe("eexist");
      for (const name of ["z", "b", "10", "9"]) yield* writeFile(at(`a/${name}`), "");
      expect(yield* listDir(at("a"))).toEqual(["10", "9", "b", "z"]);
      expect(codeIn(yield* delDir(at("a")))).toBe("enotempty");
      for (const name of ["z", "b", "10", "9"]) expect(yield* deleteFile(at(`a/${name}`))).toBe("ok");
      expect(yield* delDir(at("a"))).toBe("ok");
      expect(codeIn(yield* listDir(at("a")))).toBe("enoent");
    }));

  it("is made with those above it, and may be there, with parents", () =>
    perform(function* () {
      expect(codeIn(yield* makeDir(at("a/b/c")))).toBe("enoent");
      expect(yield* makeDir(at("a/b/c"), { parents: true })).toBe("ok");
      expect(yield* makeDir(at("a/b/c"), { parents: true })).toBe("ok");
      yield* writeFile(at("file"), "");
      expect(codeIn(yield* makeDir(at("file/d"), { parents: true }))).toBe("enotdir");
    }));

  it("is removed with all there is in it by delDirR, which follows no links and removes no file", () =>
    perform(function* () {
      yield* makeDir(at("kept"));
      yield* writeFile(at("kept/file"), "");
      yield* makeDir(at("a/b"), { parents: true });
      yield* writeFile(at("a/b/file"), "");
      symlinkSync(at("kept"), at("a/link"));
      expect(yield* delDirR(at("a"))).toBe("ok");
      expect(yield* listDir(folder)).toEqual(["kept"]);
      expect(yield* listDir(at("kept"))).toEqual(["file"]);
      expect(codeIn(yield* delDirR(at("kept/file")))).toBe("enotdir");
      expect(codeIn(yield* delDirR(at("a")))).toBe("enoent");
    }));
});

describe("a file", () => {
  it("is copied, renamed over another, and removed", () =>
    perform(function* () {
      yield* writeFile(at("a"), "content");
      yield* writeFile(at("c"), "old");
      expect(yield* copyFile(at("a"), at("b"))).toBe("ok");
      expect(yield* renameFile(at("b"), at("c"))).toBe("ok");
      expect(text(yield* readFile(at("c")))).toBe("content");
      expect(yield* deleteFile(at("c"))).toBe("ok");
      expect(yield* listDir(folder)).toEqual(["a"]);
      expect(codeIn(yield* deleteFile(at("c")))).toBe("enoent");
      expect(codeIn(yield* renameFile(at("c"), at("d")))).toBe("enoent");
      expect(codeIn(yield* copyFile(at("c"), at("d")))).toBe("enoent");
    }));

  it("is looked at: kind, size, permissions, times", () =>
    perform(function* () {
      writeFileSync(at("a"), "12345", { mode: 0o640 });
      symlinkSync(at("a"), at("link"));
      const before = Date.now();
      const info = yield* orExit(readFileInfo(at("a")));
      expect(info).toMatchObject({ type: "regular", size: 5, mode: 0o640 & ~process.umask() });
      expect(Math.abs(info.modifiedMs - before)).toBeLessThan(60_000);
      expect(yield* readFileInfo(at("link"))).toEqual(info);
      expect(yield* readFileInfo(at("link"), { followsLinks: false })).toMatchObject({ type: "symlink" });
      expect(yield* readFileInfo(folder)).toMatchObject({ type: "directory" });
      expect(yield* readFileInfo("/dev/null")).toMatchObject({ type: "device" });
      expect(codeIn(yield* readFileInfo(at("missing")))).toBe("enoent");
    }));
});

describe("what is no path", () => {
  it.each([[""], ["a\0b"], [1 as unknown as string]])("throws at once: %j", (path) => {
    // The last as only JavaScript can.
    for (const use of [readFileInfo, listDir, makeDir, delDir, delDirR, deleteFile])
      expect(() => use(path)).toThrow("a path must be a text that is not empty and without NUL");
    expect(() => renameFile("a", path)).toThrow("a path must be a text");
    expect(() => copyFile(path, "a")).toThrow("a path must be a text");
  });
});
