// Each program runs in a child, whose standard input and output are in the test's hands.

import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openStdio } from "../../src/index.ts";

const PROGRAM = fileURLToPath(new URL("fixtures/stdio-program.ts", import.meta.url));
const ARGUMENTS = ["--conditions=@krarup/source", "--no-warnings", PROGRAM];

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function start(program: string): Child {
  return spawn(process.execPath, [...ARGUMENTS, program], { stdio: ["pipe", "pipe", "pipe"] });
}

/** Everything that comes, until the end. */
async function all(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** Waits until `stream` has said `text`. */
function said(stream: Readable, text: string): Promise<void> {
  return new Promise((resolve) => {
    let heard = "";
    stream.on("data", (chunk) => {
      heard += String(chunk);
      if (heard.includes(text)) resolve();
    });
  });
}

function ended(child: Child): Promise<number | null> {
  return new Promise((resolve) => child.once("close", resolve));
}

describe("standard input and output", { timeout: 20_000 }, () => {
  it("are read line by line and written, also after the end of the input", async () => {
    const child = start("number");
    child.stdin.write("one\n");
    await said(child.stdout, "1 one\n");
    child.stdin.end("two\nthree");
    expect(await all(child.stdout)).toBe("2 two\n3 three\nend after 3\n");
  });

  it("come in active mode like any port, and say closed at the end", async () => {
    const child = start("active");
    child.stdin.end("one\ntwo\n");
    expect(await all(child.stdout)).toBe("one\ntwo\nclosed\n");
  });

  it("are one port at a time, and the next goes on where it was left", async () => {
    const child = start("turns");
    child.stdin.write("one\n");
    await said(child.stdout, "ebusy\nfirst has one\n");
    child.stdin.write("two\n");
    expect(await all(child.stdout)).toBe("second has two\n");
  });

  it("leave to the next port what came together with the last that was taken, and the end", async () => {
    const child = start("turns");
    child.stdin.end("one\ntwo\nthree");
    expect(await all(child.stdout)).toBe("ebusy\nfirst has one\nsecond has two\n");
    const other = start("relay");
    other.stdin.end("one\ntwo\nthree");
    expect(await all(other.stdout)).toBe("one\ntwo\nthree\nclosed\n");
  });

  it("do not keep the program running", async () => {
    const child = start("brief");
    expect(await all(child.stdout)).toBe("done\n");
    expect(await ended(child)).toBe(0);
    child.stdin.destroy();
  });

  it("hold up a writer whose reader waits", async () => {
    const child = start("flood");
    expect(await all(child.stderr)).toBe("timeout after few\n");
    child.stdout.destroy();
  });

  it("are epipe for a writer whose reader is gone", async () => {
    const child = start("broken");
    child.stdout.destroy();
    expect(await all(child.stderr)).toBe("epipe\n");
    expect(await ended(child)).toBe(0);
  });

  it("are enotty for raw where no terminal is", async () => {
    expect(await all(start("raw").stderr)).toBe("enotty\n");
  });

  it("throw at once for an option that makes no sense", () => {
    expect(() => openStdio({ raw: "yes" as unknown as boolean })).toThrow("raw must be true or false"); // as JavaScript can
  });
});

const hasScript = (() => {
  try {
    return execFileSync("script", ["--version"]).includes("util-linux");
  } catch {
    return false;
  }
})();

describe.skipIf(!hasScript)(
  "a terminal, made by script of util-linux, which is not here where this is skipped,",
  () => {
    it("hands over keys when it is raw, and is left as it was", { timeout: 20_000 }, async () => {
      const command = [process.execPath, ...ARGUMENTS, "raw"].map((part) => `'${part}'`).join(" ");
      const child = spawn("script", ["--quiet", "--command", command, "/dev/null"], {
        stdio: ["pipe", "pipe", "pipe"],
      });
      const output = all(child.stdout);
      await said(child.stdout, "ready");
      child.stdin.write("a");
      await said(child.stdout, "<97>");
      child.stdin.write("\u0003");
      await said(child.stdout, "<3>");
      child.stdin.write("q");
      expect(await output).toContain("raw is false");
      child.stdin.end();
    });
  },
);
