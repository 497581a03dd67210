import { exit, isAlive, monitor, type Self, spawn, TIMEOUT } from "@krarup/core";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { close, closeWrite, orExit, readLine, setActive, spawnExecutable, write } from "../../src/index.ts";
import type { Steps } from "../../src/port/sequence.ts";
import { codeIn, next, perform } from "../stage.ts";

/** Runs `script` in a shell. */
function shell(script: string, options: Parameters<typeof spawnExecutable>[1] = {}) {
  return orExit(spawnExecutable("/bin/sh", { ...options, args: ["-c", script] }));
}

/** Whether the system has a process `pid`; one that has ended and waits for its parent counts as gone. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch (error) {
    // Where the system shows no processes as files, the signal alone decides.
    return error instanceof Error && "code" in error && error.code === "ENOENT" && !existsSync("/proc/self/stat");
  }
}

/** Waits until the system has no process `pid`. */
function* isGone(self: Self<unknown>, pid: number): Steps<boolean> {
  for (let i = 0; i < 1_000 && runs(pid); i++) yield* self.sleep(5);
  return !runs(pid);
}

describe("a child process", () => {
  it("reads what is written to the port and answers", () =>
    perform(function* () {
      const cat = yield* orExit(spawnExecutable("cat"));
      expect(yield* write(cat, "hello\n")).toBe("ok");
      expect(yield* readLine(cat)).toBe("hello");
      yield* closeWrite(cat);
      expect(codeIn(yield* readLine(cat))).toBe("closed");
    }));

  it("has the arguments, the environment and the directory that it was given", () =>
    perform(function* () {
      const folder = realpathSync(tmpdir());
      const child = yield* shell('pwd; echo "$COLOUR $HOME"; echo "$1"', {
        cd: folder,
        env: { COLOUR: "red", HOME: undefined },
      });
      expect(yield* readLine(child)).toBe(folder);
      expect(yield* readLine(child)).toBe("red ");
      const echo = yield* orExit(spawnExecutable("printf", { args: ["%s\n", "two  words; $HOME"] }));
      expect(yield* readLine(echo)).toBe("two  words; $HOME");
    }));

  it("speaks in packets with a length before them", () =>
    perform(function* (self) {
      const cat = yield* orExit(spawnExecutable("cat", { framing: 4, active: true }));
      yield* write(cat, "one");
      yield* write(cat, "two");
      expect([yield* next(self), yield* next(self)]).toEqual([
        ["data", "one"],
        ["data", "two"],
      ]);
    }));

  it.each([
    ["exit 0", 0],
    ["exit 3", 3],
    ["kill -KILL $$", 137],
  ])("that does %j has status %d, told after everything it wrote", (script, status) =>
    perform(function* (self) {
      self.trapExit();
      yield* shell(`echo hello; ${script}`, { exitStatus: true, active: true, framing: "line" });
      expect([yield* next(self), yield* next(self), yield* next(self), yield* next(self)]).toEqual([
        ["data", "hello\n"],
        ["exit_status", status],
        "closed",
        ["EXIT", "normal"],
      ]);
    }),
  );

  it("that nobody reads tells its status at once, and keeps what it wrote", () =>
    perform(function* (self) {
      const child = yield* shell("echo hello; exit 3", { exitStatus: true });
      expect(yield* next(self)).toEqual(["exit_status", 3]);
      expect(isAlive(child)).toBe(true);
      expect(yield* readLine(child)).toBe("hello");
      expect(codeIn(yield* readLine(child))).toBe("closed");
    }));

  it("without exitStatus is missed by its link alone", () =>
    perform(function* (self) {
      self.trapExit();
      yield* shell("exit 3");
      expect(yield* next(self)).toEqual(["EXIT", "normal"]);
      expect(yield* self.receive().after(20)).toBe(TIMEOUT);
    }));

  it.each([
    ["/nowhere/nothing", "enoent"],
    ["no-such-executable-anywhere", "enoent"],
    ["/etc/passwd", "eacces"],
  ])("cannot be %s: %s", (executable, code) =>
    perform(function* () {
      expect(codeIn(yield* spawnExecutable(executable))).toBe(code);
    }),
  );

  it("cannot have more arguments than the system takes", () =>
    perform(function* () {
      const args = Array.from({ length: 30 }, () => "x".repeat(120_000));
      expect(codeIn(yield* spawnExecutable("true", { args }))).toBe("e2big");
    }));

  it("cannot run in a directory that is not there", () =>
    perform(function* () {
      expect(codeIn(yield* spawnExecutable("cat", { cd: "/nowhere" }))).toBe("enoent");
    }));

  it.each([
    [["", {}], "must not be empty"],
    [["cat", { args: ["a\0b"] }], "texts without NUL"],
    [["cat", { killAfterMs: -1 }], "killAfterMs must be milliseconds >= 0"],
  ] as const)("refuses %j at once", ([executable, options], message) => {
    expect(() => spawnExecutable(executable, options)).toThrow(message);
  });

  it("that does not read makes its writer wait", () =>
    perform(function* (self) {
      const sleeper = yield* shell("sleep 20");
      let isDone = false;
      spawn(function* () {
        yield* write(sleeper, new Uint8Array(1_000_000));
        isDone = true;
      });
      yield* self.sleep(50);
      expect(isDone).toBe(false);
    }));

  it("that has closed its input is epipe for its writer, and goes on", () =>
    perform(function* (self) {
      const child = yield* shell("exec <&-; echo ready; sleep 20");
      expect(yield* readLine(child)).toBe("ready");
      let answer: unknown = "ok";
      for (let i = 0; i < 100 && answer === "ok"; i++) {
        answer = yield* write(child, "x");
        yield* self.sleep(1);
      }
      expect(codeIn(answer)).toMatch(/epipe|econnreset/);
      expect(isAlive(child)).toBe(true);
    }));

  it("that writes without end is held up until it is read", () =>
    perform(function* () {
      const yes = yield* orExit(spawnExecutable("yes"));
      expect(yield* readLine(yes)).toBe("y");
      yield* setActive(yes, "once");
    }));
});

describe("the end of a child's port", () => {
  it.each(["close", "owner ends", "owner is killed"])("by %s ends the child and all it has started", (way) =>
    perform(function* (self) {
      const pids: number[] = [];
      const owner = spawn(function* (own: Self<unknown>) {
        const child = yield* shell("sleep 30 & echo $$ $!; wait", { killAfterMs: 5_000 });
        pids.push(
          ...String(yield* readLine(child))
            .split(" ")
            .map(Number),
        );
        if (way === "close") yield* close(child);
        if (way === "owner is killed") yield* own.receive();
      });
      const end = monitor(owner);
      while (pids.length < 2) yield* self.sleep(2);
      if (way === "owner is killed") exit(owner, "kill");
      yield* self.receive(end);
      for (const pid of pids) expect(yield* isGone(self, pid)).toBe(true);
    }),
  );

  it("kills one that ignores SIGTERM, after killAfterMs", () =>
    perform(function* (self) {
      const child = yield* shell("trap '' TERM; echo $$; while :; do sleep 0.05; done", { killAfterMs: 60 });
      const pid = Number(yield* readLine(child));
      const started = performance.now();
      yield* close(child);
      expect(yield* isGone(self, pid)).toBe(true);
      expect(performance.now() - started).toBeGreaterThan(50);
    }));

  it("lets one clean up that wants to", () =>
    perform(function* (self) {
      const child = yield* shell("trap 'exit 0' TERM; echo $$; sleep 30 & wait", { killAfterMs: 5_000 });
      const pid = Number(yield* readLine(child));
      yield* close(child);
      expect(yield* isGone(self, pid)).toBe(true);
    }));
});
