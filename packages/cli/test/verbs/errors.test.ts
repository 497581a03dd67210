// Every way to fail before or beside the application: exit code, message, and what to do next.

import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStage } from "../command.ts";

/** {hello: {protocol: 99}}, as MessagePack with its length before it. */
const OTHER_HELLO = Buffer.from([
  0,
  0,
  0,
  18,
  0x81,
  0xa5,
  ...Buffer.from("hello"),
  0x81,
  0xa8,
  ...Buffer.from("protocol"),
  99,
]);

describe.concurrent("the command line", () => {
  it.for([
    [[], "Cannot do anything as no verb was given", "krarup ls"],
    [["pz"], "unknown command 'pz' (Did you mean ps?)", "krarup --help"],
    [["ps", "--jsn"], "unknown option '--jsn' (Did you mean --json?)", "krarup ps --help"],
    [
      ["ps", "--sort", "size"],
      "option '--sort <key>' argument 'size' is invalid. It must be one of pid, name, mailbox, received, reductions, age.",
      "krarup ps --help",
    ],
    [
      ["ps", "--limit", "0"],
      "option '--limit <n>' argument '0' is invalid. It must be an integer from 1 to 10000.",
      "krarup ps --help",
    ],
    [
      ["ps", "--timeout", "5"],
      "option '--timeout <duration>' argument '5' is invalid. It must be a duration such as 250ms, 5s or 2m.",
      "krarup ps --help",
    ],
    [["info"], "missing required argument 'pid'", "krarup info --help"],
  ] as const)("%o exits 2", async ([args, message, hint], context) => {
    const { code, stdout, stderr } = await openStage(context).krarup(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.endsWith(`error: ${message}\nhint: ${hint}\n`)).toBe(true);
  });

  it("reports in JSON when it is asked to, even before it is understood", async (context) => {
    const { code, stderr } = await openStage(context).krarup(["ps", "--json", "--limit", "many"]);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "ERR_USAGE", message: expect.stringContaining("'many' is invalid"), hint: "krarup ps --help" },
    });
  });

  it("prints help and version on stdout and exits 0", async (context) => {
    const stage = openStage(context);
    expect(await stage.krarup(["--version"])).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
    expect(await stage.krarup(["ps", "--help"])).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("Usage: krarup ps"),
    });
  });
});

describe.concurrent("the way to the node", () => {
  it("exits 3 when there is none", async (context) => {
    const stage = openStage(context);
    const { code, stdout, stderr } = await stage.krarup(["ps", "--json"]);
    expect([code, stdout]).toEqual([3, ""]);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: "ERR_NO_NODE",
        message: "Cannot find a node as none of this user runs on this machine",
        hint: "krarup run <entry>",
      },
    });
    expect((await stage.krarup(["ps", "-n", "shop"])).stderr).toBe(
      'error: Cannot find node "shop" as no running node has that name, id or pid\nhint: krarup ls\n',
    );
  });

  it("exits 3 when there are several and none is chosen", async (context) => {
    const stage = openStage(context);
    const programs = ["one", "two"].map((name) => stage.program("plain.ts", [name]));
    for (const program of programs) await program.printed("ready");
    const { code, stderr } = await stage.krarup(["ps"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^error: Cannot choose a node as there are 2: \w+ \(pid \d+\), \w+ \(pid \d+\)\nhint: choose one with --node, for instance --node \d+\n$/,
    );
    const [entry] = JSON.parse((await stage.krarup(["ls", "--json"])).stdout).data;
    for (const node of ["two", entry.id, String(entry.osPid), entry.endpoint])
      expect((await stage.krarup(["tree", "-n", node])).code).toBe(0);
    expect((await stage.krarup(["ps"], { KRARUP_NODE: "two" })).code).toBe(0);
  });

  it("exits 3 when the directory is not private", async (context) => {
    const stage = openStage(context);
    const open = join(stage.directory, "open");
    mkdirSync(open, { mode: 0o755 });
    const { code, stderr } = await stage.krarup(["ps"], { KRARUP_RUNTIME_DIR: open });
    expect(code).toBe(3);
    expect(stderr).toMatch(/others may use it \(mode 755\)\nhint: chmod 700/);
  });

  it.for([
    ["5", "says nothing", Buffer.alloc(0), "ERR_TIMEOUT"],
    ["7", "speaks something else", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "ERR_FRAME"],
    ["7", "speaks another protocol", OTHER_HELLO, "ERR_PROTOCOL"],
  ] as const)("exits %s when the other side %s", async ([exitCode, _what, bytes, error], context) => {
    const stage = openStage(context);
    const path = join(stage.directory, "other.sock");
    const server = createServer((socket) => void socket.on("error", () => undefined).write(bytes)).listen(path);
    context.onTestFinished(() => void server.close());
    await once(server, "listening");
    const { code, stderr } = await stage.krarup(["ps", "-n", path, "--timeout", "300ms", "--json"]);
    expect([String(code), JSON.parse(stderr).error.code]).toEqual([exitCode, error]);
  });

  it("passes over descriptors that are none", async (context) => {
    const stage = openStage(context);
    for (const [name, text] of [
      ["a", "{"],
      ["b", "[]"],
      ["c", '{"v":1,"id":"other"}'],
      ["d", "null"],
    ])
      writeFileSync(join(stage.directory, `${name}.json`), text ?? "");
    expect(await stage.krarup(["ls"])).toMatchObject({ code: 0, stdout: "" });
  });
});

describe.concurrent("the node", () => {
  it("that is read-only lets look and refuses to act, with exit code 6", async (context) => {
    const stage = openStage(context);
    await stage.program("plain.ts", [], { NODE_ENV: "production" }).printed("ready");
    expect((await stage.krarup(["info", "shopkeeper"])).code).toBe(0);
    expect(await stage.krarup(["kill", "shopkeeper", "--yes"])).toMatchObject({
      code: 6,
      stdout: "",
      stderr: expect.stringMatching(
        /^error: Cannot end <\S+> as node plain lets observers only look\nhint: start the program with KRARUP_INSPECT=rw\n$/,
      ),
    });
  });

  it("that has no such process makes exit code 4", async (context) => {
    const stage = openStage(context);
    await stage.program("plain.ts").printed("ready");
    for (const verb of ["info", "kill", "tree"]) {
      const { code, stderr } = await stage.krarup([verb, "nobody", ...(verb === "kill" ? ["--yes"] : [])]);
      expect([code, stderr]).toEqual([
        4,
        'error: Cannot find process "nobody" as nothing alive on the node has that pid or name\nhint: krarup ps\n',
      ]);
    }
  });

  it("that is off is not there", async (context) => {
    const stage = openStage(context);
    await stage.program("plain.ts", [], { KRARUP_INSPECT: "off" }).printed("ready");
    expect((await stage.krarup(["ps"])).code).toBe(3);
  });

  it("does not mind a reader that goes away", async (context) => {
    const stage = openStage(context);
    await stage.program("plain.ts").printed("ready");
    const ps = stage.start(["ps"]);
    ps.child.stdout?.destroy();
    expect((await ps.finished).code).toBe(0);
  });
});
