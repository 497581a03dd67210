import { exit, isAlive, monitor, type Self, spawn } from "@krarup/core";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  closeFile,
  datasync,
  type DiskFile,
  diskFileInfo,
  type DiskFileMode,
  openDiskFile,
  orExit,
  pread,
  pwrite,
  sync,
  truncate,
} from "../../src/index.ts";
import { codeIn, perform, text } from "../stage.ts";

let folder = "";
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ports-disk-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("an open file", () => {
  it("is read and written at any place, in the order of the requests", () =>
    perform(function* () {
      const file = yield* orExit(openDiskFile(at("a"), "create"));
      expect(yield* pwrite(file, 0, "hello world")).toBe("ok");
      expect(yield* pwrite(file, 6, Uint8Array.of(87))).toBe("ok");
      expect(text(yield* pread(file, 6, 5))).toBe("World");
      expect(text(yield* pread(file, 6, 500))).toBe("World");
      expect(text(yield* pread(file, 11, 1))).toBe("");
      expect(yield* sync(file)).toBe("ok");
      expect(yield* datasync(file)).toBe("ok");
      expect(yield* closeFile(file)).toBe("ok");
      expect(readFileSync(at("a"), "utf8")).toBe("hello World");
    }));

  it("fills gaps with zeros, and can be cut and made longer", () =>
    perform(function* () {
      const file = yield* orExit(openDiskFile(at("a"), "create"));
      yield* pwrite(file, 3, "x");
      expect(yield* pread(file, 0, 10)).toEqual(Uint8Array.of(0, 0, 0, 120));
      expect(yield* truncate(file, 1)).toBe("ok");
      expect(yield* diskFileInfo(file)).toMatchObject({ type: "regular", size: 1 });
      expect(yield* truncate(file, 5)).toBe("ok");
      expect(yield* pread(file, 0, 10)).toEqual(new Uint8Array(5));
    }));

  it.each([
    ["read", "there", "ok"],
    ["read", "missing", "enoent"],
    ["update", "there", "ok"],
    ["update", "missing", "enoent"],
    ["create", "there", "ok"],
    ["create", "missing", "ok"],
    ["exclusive", "there", "eexist"],
    ["exclusive", "missing", "ok"],
  ] as const)("for %s, where the file is %s: %s; what is there stays", (mode, name, outcome) =>
    perform(function* () {
      writeFileSync(at("there"), "content");
      const file = yield* openDiskFile(at(name), mode);
      expect("code" in file ? file.code : "ok").toBe(outcome);
      expect(readFileSync(at("there"), "utf8")).toBe("content");
    }),
  );

  it("that was opened for reading is ebadf or einval for who writes, and goes on", () =>
    perform(function* () {
      writeFileSync(at("a"), "content");
      const file = yield* orExit(openDiskFile(at("a")));
      expect(codeIn(yield* pwrite(file, 0, "x"))).toBe("ebadf");
      expect(codeIn(yield* truncate(file, 0))).toMatch(/einval|ebadf/);
      expect(text(yield* pread(file, 0, 7))).toBe("content");
    }));

  it("serves many callers, one after the other", () =>
    perform(function* (self) {
      const file = yield* orExit(openDiskFile(at("a"), "create"));
      const writers = Array.from({ length: 20 }, (_, i) =>
        spawn(function* () {
          yield* orExit(pwrite(file, i * 1_000, new Uint8Array(1_000).fill(i)));
        }),
      );
      for (const end of writers.map((each) => monitor(each))) yield* self.receive(end);
      const all = yield* orExit(pread(file, 0, 20_000));
      expect([...new Set(all)]).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }));

  it("answers closed when it is closed, and ok to who closes it again", () =>
    perform(function* () {
      const file = yield* orExit(openDiskFile(at("a"), "create"));
      yield* closeFile(file);
      expect(isAlive(file)).toBe(false);
      expect(codeIn(yield* pread(file, 0, 1))).toBe("closed");
      expect(yield* closeFile(file)).toBe("ok");
    }));

  it("ends with its owner, also in the middle of a write", () =>
    perform(function* (self) {
      const files: DiskFile[] = [];
      const owner = spawn(function* (_own: Self) {
        const file = yield* orExit(openDiskFile(at("a"), "create"));
        files.push(file);
        yield* pwrite(file, 0, new Uint8Array(20_000_000));
        yield* pwrite(file, 0, new Uint8Array(20_000_000));
      });
      while (files.length === 0) yield* self.sleep(1);
      const [file] = files;
      if (file === undefined) throw new Error("it was opened");
      const end = monitor(file);
      exit(owner, "kill");
      expect(yield* self.receive(end)).toMatchObject({ reason: "killed" });
    }));

  it("takes what can be written, and large pieces", () =>
    perform(function* () {
      const file = yield* orExit(openDiskFile(at("a"), "create"));
      expect(yield* pwrite(file, 0, new Uint8Array(30_000_000).fill(7))).toBe("ok");
      const end = yield* orExit(pread(file, 29_999_990, 100));
      expect([...end]).toEqual(Array.from({ length: 10 }, () => 7));
    }));

  it("throws at once for what makes no sense", () =>
    perform(function* () {
      const file = yield* orExit(openDiskFile(at("a"), "create"));
      expect(() => pread(file, -1, 1)).toThrow("position must be an integer from 0");
      expect(() => pread(file, 0, 0)).toThrow("bytes must be an integer from 1 to 67108864");
      expect(() => pwrite(file, 0.5, "x")).toThrow("position must be an integer");
      expect(() => pwrite(file, 0, 1 as unknown as string)).toThrow("data must be bytes or a text"); // as JavaScript can
      expect(() => truncate(file, -1)).toThrow("length must be an integer");
      expect(() => openDiskFile(at("a"), "w" as DiskFileMode)).toThrow('mode must be "read"'); // as above
      expect(() => openDiskFile("")).toThrow("a path must be a text");
    }));
});
