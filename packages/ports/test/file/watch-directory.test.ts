import { exit, isAlive, monitor, spawn } from "@krarup/core";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Change,
  type Data,
  orExit,
  type Port,
  read,
  readFile,
  setActive,
  watchDirectory,
  type WatchOptions,
  write,
} from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";
import { codeIn, perform } from "../stage.ts";

let folder = "";
const at = (name: string): string => join(folder, name);

// The first watch of a program opens a descriptor that Node keeps for all of them.
beforeAll(() => watch(tmpdir()).close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ports-watched-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The next change that `isMeant`; what comes before it is passed over, since how many changes a write makes is the system's business. */
function* nextThat(watcher: Port<Change>, isMeant: (change: Change) => boolean): Steps<Change> {
  for (;;) {
    const change = yield* orExit(read(watcher, { timeoutMs: 5_000 }));
    if (isMeant(change)) return change;
  }
}

describe("watchDirectory", () => {
  it("tells what appears, changes and goes, by path", () =>
    perform(function* () {
      const watcher = yield* orExit(watchDirectory(folder));
      writeFileSync(at("a"), "1");
      expect(yield* orExit(read(watcher))).toEqual({ kind: "renamed", path: at("a") });
      appendFileSync(at("a"), "2");
      expect(yield* nextThat(watcher, ({ kind }) => kind === "changed")).toMatchObject({ path: at("a") });
      renameSync(at("a"), at("b"));
      yield* nextThat(watcher, ({ kind, path }) => kind === "renamed" && path === at("b"));
      rmSync(at("b"));
      yield* nextThat(watcher, ({ kind, path }) => kind === "renamed" && path === at("b"));
    }));

  it("looks below only when it is recursive, and then into new directories as well", () =>
    perform(function* () {
      mkdirSync(at("old"));
      const flat = yield* orExit(watchDirectory(folder));
      const deep = yield* orExit(watchDirectory(folder, { recursive: true }));
      writeFileSync(at("old/x"), "1");
      yield* nextThat(deep, ({ path }) => path === at("old/x"));
      mkdirSync(at("new"));
      yield* nextThat(deep, ({ path }) => path === at("new"));
      writeFileSync(at("new/y"), "1");
      yield* nextThat(deep, ({ path }) => path === at("new/y"));
      writeFileSync(at("last"), "1");
      expect(yield* nextThat(flat, ({ path }) => path.includes("/old/") || path === at("last"))).toMatchObject({
        path: at("last"),
      });
    }));

  it("comes in active mode like any port", () =>
    perform(function* (self) {
      const watcher = yield* orExit(watchDirectory(folder));
      yield* setActive(watcher, "once");
      writeFileSync(at("a"), "1");
      const message = yield* self.receive(isData);
      expect([message.port === watcher, message.data]).toEqual([true, { kind: "renamed", path: at("a") }]);
    }));

  it("makes one of changes that say the same", () =>
    perform(function* (self) {
      writeFileSync(at("a"), "");
      const watcher = yield* orExit(watchDirectory(folder));
      for (let i = 0; i < 100; i++) appendFileSync(at("a"), "x");
      yield* self.sleep(50);
      writeFileSync(at("end"), "");
      const seen = [];
      for (let path = ""; path !== at("end");) {
        const change = yield* orExit(read(watcher));
        path = change.path;
        if (path === at("a")) seen.push(change.kind);
      }
      expect(seen).toEqual(["changed"]);
    }));

  it("makes one overflow of more than may wait, and tells again what comes after it was read", () =>
    perform(function* (self) {
      const watcher = yield* orExit(watchDirectory(folder, { queueLengthMax: 10 }));
      for (let i = 0; i < 50; i++) writeFileSync(at(String(i)), "");
      yield* self.sleep(100);
      expect(yield* orExit(read(watcher))).toEqual({ kind: "overflow", path: folder });
      expect(codeIn(yield* read(watcher, { timeoutMs: 0 }))).toBe("timeout");
      writeFileSync(at("later"), "");
      expect(yield* orExit(read(watcher))).toEqual({ kind: "renamed", path: at("later") });
    }));

  it.each([true, false])("ends with enoent when the directory is removed, recursive %s", (recursive) =>
    perform(function* () {
      mkdirSync(at("inner"));
      const watcher = yield* orExit(watchDirectory(at("inner"), { recursive }));
      rmSync(at("inner"), { recursive: true });
      let answer: unknown;
      do answer = yield* read(watcher, { timeoutMs: 5_000 });
      while (codeIn(answer) === answer);
      expect(codeIn(answer)).toBe("enoent");
      expect(isAlive(watcher)).toBe(false);
    }),
  );

  it("is an error for what is no directory, and cannot be written to", () =>
    perform(function* () {
      writeFileSync(at("file"), "");
      expect(codeIn(yield* watchDirectory(at("missing")))).toBe("enoent");
      expect(codeIn(yield* watchDirectory(at("file")))).toBe("enotdir");
      const watcher = yield* orExit(watchDirectory(folder));
      expect(codeIn(yield* write(watcher, { kind: "changed", path: "x" }))).toBe("epipe");
    }));

  it("ends with its owner", () =>
    perform(function* (self) {
      const watchers: Port<Change>[] = [];
      const owner = spawn(function* (own) {
        watchers.push(yield* orExit(watchDirectory(folder, { recursive: true })));
        yield* own.receive();
      });
      while (watchers.length === 0) yield* readFile(folder);
      const [watcher] = watchers;
      if (watcher === undefined) throw new Error("it watches");
      const end = monitor(watcher);
      exit(owner, "kill");
      expect(yield* self.receive(end)).toMatchObject({ reason: "killed" });
    }));

  it.each([
    ["", {}, "the path of a directory must be a text"],
    ["a", { recursive: 1 }, "recursive must be true or false"],
    ["a", { queueLengthMax: 0 }, "queueLengthMax must be an integer >= 1"],
  ])("throws at once for %j, %j", (path, options, message) => {
    expect(() => watchDirectory(path, options as WatchOptions)).toThrow(message); // as JavaScript can
  });
});

function isData(message: unknown): message is Data<Change> {
  return typeof message === "object" && message !== null && "type" in message && message.type === "data";
}
