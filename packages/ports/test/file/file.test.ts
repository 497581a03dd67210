import { exit, isAlive, monitor, spawn } from "@krarup/core";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  appendFile,
  close,
  createFile,
  openFile,
  orExit,
  read,
  readFile,
  readLine,
  replaceFile,
  setActive,
  write,
  writeFile,
} from "../../src/index.ts";
import { codeIn, next, perform, text } from "../stage.ts";

let folder = "";
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ports-files-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a whole file", () => {
  it("is read as it was written, and added to", () =>
    perform(function* () {
      expect(yield* writeFile(at("a"), "hello ")).toBe("ok");
      expect(yield* appendFile(at("a"), Uint8Array.of(119, 111))).toBe("ok");
      expect(text(yield* readFile(at("a")))).toBe("hello wo");
    }));

  it.each([
    ["missing", "enoent"],
    ["", "eisdir"],
    ["missing/deeper", "enoent"],
  ])("that cannot be read is an error: %j, %s", (name, code) =>
    perform(function* () {
      expect(codeIn(yield* readFile(at(name)))).toBe(code);
    }),
  );

  it("in a folder that is not there cannot be written", () =>
    perform(function* () {
      expect(codeIn(yield* writeFile(at("missing/a"), "x"))).toBe("enoent");
      expect(codeIn(yield* replaceFile(at("missing/a"), "x"))).toBe("enoent");
    }));

  it("over bytesMax is efbig", () =>
    perform(function* () {
      yield* writeFile(at("large"), "x".repeat(101));
      expect(codeIn(yield* readFile(at("large"), { bytesMax: 100 }))).toBe("efbig");
    }));
});

describe("replaceFile", () => {
  it("leaves the new content and nothing beside it", () =>
    perform(function* () {
      yield* writeFile(at("state"), "old");
      expect(yield* replaceFile(at("state"), "new")).toBe("ok");
      expect(text(yield* readFile(at("state")))).toBe("new");
      expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    }));

  it("leaves the old content when the process is killed on the way, or the new", () =>
    perform(function* (self) {
      yield* writeFile(at("state"), "a".repeat(3_000_000));
      const writer = spawn(function* () {
        yield* replaceFile(at("state"), "b".repeat(3_000_000));
      });
      const end = monitor(writer);
      yield* self.sleep(1);
      exit(writer, "kill");
      yield* self.receive(end);
      while (readdirSync(folder).some((name) => name.endsWith(".tmp"))) yield* self.sleep(1);
      const content = readFileSync(at("state"), "utf8");
      expect([content.length, new Set(content).size]).toEqual([3_000_000, 1]);
    }));
});

describe("an open file", () => {
  it("is read line by line, and ends when the end was told", () =>
    perform(function* () {
      yield* writeFile(at("lines"), "one\ntwo\nthree");
      const file = yield* orExit(openFile(at("lines")));
      expect([yield* readLine(file), yield* readLine(file), yield* readLine(file)]).toEqual(["one", "two", "three"]);
      expect(codeIn(yield* readLine(file))).toBe("closed");
      expect(isAlive(file)).toBe(false);
    }));

  it("comes in active mode like any port", () =>
    perform(function* (self) {
      yield* writeFile(at("lines"), "one\ntwo\n");
      const file = yield* orExit(openFile(at("lines"), { framing: "line" }));
      yield* setActive(file, 1);
      expect([yield* next(self), yield* next(self)]).toEqual([["data", "one\n"], "passive"]);
      expect(text(yield* read(file))).toBe("two\n");
    }));

  it("that is not there is an error", () =>
    perform(function* () {
      expect(codeIn(yield* openFile(at("missing")))).toBe("enoent");
      expect(() => openFile("")).toThrow("path of a file must be a text");
    }));

  it("of any size takes no more memory than a chunk", () =>
    perform(function* () {
      yield* writeFile(at("long"), new Uint8Array(5_000_000));
      const file = yield* orExit(openFile(at("long")));
      let [sum, largest] = [0, 0];
      for (let chunk = yield* read(file); chunk instanceof Uint8Array; chunk = yield* read(file)) {
        sum += chunk.length;
        largest = Math.max(largest, chunk.length);
      }
      expect(sum).toBe(5_000_000);
      expect(largest).toBeLessThanOrEqual(65_536);
    }));
});

describe("a file that is written piece by piece", () => {
  it("has what was written once the write is answered, and is added to or made anew", () =>
    perform(function* () {
      const file = yield* orExit(createFile(at("pieces")));
      expect(yield* write(file, "one ")).toBe("ok");
      expect(readFileSync(at("pieces"), "utf8")).toBe("one ");
      yield* write(file, new Uint8Array(1_000_000).fill(120));
      yield* close(file);
      expect(readFileSync(at("pieces"), "utf8")).toHaveLength(1_000_004);
      const more = yield* orExit(createFile(at("pieces"), { mode: "append", framing: "line" }));
      yield* write(more, "two");
      expect(readFileSync(at("pieces"), "utf8")).toMatch(/xxxtwo$/);
      expect(codeIn(yield* createFile(at("pieces"), { mode: "exclusive" }))).toBe("eexist");
      yield* orExit(createFile(at("pieces")));
      expect(readFileSync(at("pieces"), "utf8")).toBe("");
    }));

  it("is an error where it cannot be opened", () =>
    perform(function* () {
      expect(codeIn(yield* createFile(at("missing/file")))).toBe("enoent");
    }));

  it.skipIf(!existsSync("/dev/full"))("is enospc for who writes to a full disk, as /dev/full of Linux is one", () =>
    perform(function* () {
      expect(codeIn(yield* write(yield* orExit(createFile("/dev/full")), "x"))).toBe("enospc");
    }),
  );
});
