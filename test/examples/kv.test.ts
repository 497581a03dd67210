import {
  type AnyPid,
  exit,
  type Exit,
  monitor,
  type Pid,
  type Self,
  spawn,
  type Suspension,
  unlink,
  whereis,
} from "@krarup/core";
import {
  type Address,
  connect,
  isPortError,
  orExit,
  type Port,
  read,
  readLine,
  serverAddress,
  spawnExecutable,
  write,
} from "@krarup/ports";
import { Supervisor, type SupervisorPid } from "@krarup/supervisor";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MESSAGES_MAX } from "../../examples/kv/limits.ts";
import { encode, encodeCommand } from "../../examples/kv/reply.ts";
import { STORE } from "../../examples/kv/store.ts";
import { publish } from "../../examples/kv/topics.ts";
import { kvSpec, SERVER } from "../../examples/kv/tree.ts";
import { CONVERSATION } from "./kv-conversation.ts";
import { onNode } from "./on-node.ts";

type Steps<T> = Generator<Suspension, T, void>;

const isThere = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;
const hasTools = isThere("redis-cli") && isThere("redis-benchmark");
const hasRedis = isThere("redis-server");
const toolsNote = hasTools ? "" : " (skipped: redis-tools are not installed)";
const redisNote = hasRedis ? "" : " (skipped: redis-server is not installed)";

describe("the key-value server", () => {
  it("holds a conversation as Redis does", () =>
    withServer(function* ({ client }) {
      yield* converse(yield* client());
    }));

  it.runIf(hasRedis)(`holds the same conversation as redis-server itself${redisNote}`, () =>
    inFolder((folder) =>
      onNode(function* () {
        const path = join(folder, "redis.sock");
        const args = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder];
        const redis = yield* orExit(spawnExecutable("redis-server", { args }));
        while (!(yield* orExit(readLine(redis, { timeoutMs: 5_000 }))).includes("eady to accept connections"));
        yield* converse(yield* orExit(connect({ path })));
      }),
    ),
  );

  it("answers a pipeline in order, with what is for the store and what is not", () =>
    withServer(function* ({ client }) {
      const joe = yield* client();
      yield* say(joe, ["SET", "k", "1"], ["PUBLISH", "none", "x"], ["INCR", "k"], ["PING"], ["QUIT"], ["GET", "k"]);
      yield* hears(joe, "+OK\r\n:0\r\n:2\r\n+PONG\r\n+OK\r\n");
      yield* seesTheEnd(joe);
    }));

  it("takes ten thousand commands in one piece", () =>
    withServer(function* ({ client }) {
      const joe = yield* client();
      const many = Array.from({ length: 10_000 }, () => ["INCR", "n"]);
      spawn(() => say(joe, ...many));
      yield* hears(joe, many.map((_, i) => `:${i + 1}\r\n`).join(""));
    }));

  it("closes the connection of a client that sends garbage, with an error, and no other", () =>
    withServer(function* ({ client }) {
      const [joe, mike] = [yield* client(), yield* client()];
      yield* orExit(write(joe, "PING\r\n*1\r\n:what\r\nPING\r\n"));
      yield* hears(joe, "+PONG\r\n-ERR Protocol error: expected '$', got ':'\r\n");
      yield* seesTheEnd(joe);
      yield* asks(mike, ["PING"], "+PONG\r\n");
    }));

  it("holds up a client that does not read, and no other", () =>
    withServer(function* ({ client }) {
      const [joe, mike] = [yield* client(), yield* client()];
      const big = "x".repeat(1_000_000);
      yield* asks(joe, ["SET", "big", big], "+OK\r\n");
      yield* say(joe, ...Array.from({ length: 40 }, () => ["GET", "big"]), ["INCR", "reached"]);
      yield* asks(mike, ["PING"], "+PONG\r\n");
      // The last command of the pipeline waits until what is before it has been read.
      yield* asks(mike, ["EXISTS", "reached"], ":0\r\n");
      yield* hears(joe, `${`$1000000\r\n${big}\r\n`.repeat(40)}:1\r\n`);
    }));
});

describe("subscribers", () => {
  it("hear what is published on their channels, after they have been told of these", () =>
    withServer(function* ({ client }) {
      const [joe, mike] = [yield* client(), yield* client()];
      const told = encode(["subscribe", "news", 1]) + encode(["subscribe", "sport", 2]);
      yield* asks(joe, ["SUBSCRIBE", "news", "sport"], told);
      yield* asks(mike, ["PUBLISH", "news", "rain\xff"], ":1\r\n");
      yield* asks(mike, ["PUBLISH", "weather", "sun"], ":0\r\n");
      yield* hears(joe, encode(["message", "news", "rain\xff"]));
      yield* asks(joe, ["PING"], encode(["pong", ""]));
      yield* asks(joe, ["GET", "k"], notNow("get"));
      yield* asks(joe, ["UNSUBSCRIBE", "news"], encode(["unsubscribe", "news", 1]));
      yield* asks(mike, ["PUBLISH", "news", "more rain"], ":0\r\n");
      yield* asks(joe, ["UNSUBSCRIBE"], encode(["unsubscribe", "sport", 0]));
      yield* asks(joe, ["GET", "k"], "$-1\r\n");
    }));

  it("are no more when their client has gone", () =>
    withServer(function* ({ client }) {
      const [joe, mike] = [yield* client(), yield* client()];
      yield* asks(joe, ["SUBSCRIBE", "news"], encode(["subscribe", "news", 1]));
      yield* asks(joe, ["QUIT"], "+OK\r\n");
      yield* seesTheEnd(joe);
      yield* asks(mike, ["PUBLISH", "news", "rain"], ":0\r\n");
    }));

  it("are let go when too much waits for them, and nobody else notices", () =>
    withServer(function* ({ client }) {
      const [joe, mike] = [yield* client(), yield* client()];
      yield* asks(joe, ["SUBSCRIBE", "news"], encode(["subscribe", "news", 1]));
      for (let i = 0; i <= MESSAGES_MAX + 1; i++) publish("news", "rain");
      yield* seesTheEnd(joe);
      yield* asks(mike, ["PUBLISH", "news", "rain"], ":0\r\n");
    }));
});

describe("what is stored", () => {
  it("is what the last snapshot has, after the store was killed in the middle of traffic", () =>
    inFolder((folder) =>
      withServer(
        function* ({ client, self, root }) {
          const [joe, mike] = [yield* client(), yield* client()];
          yield* asks(joe, ["SET", "before", "x"], "+OK\r\n");
          yield* asks(joe, ["SAVE"], "+OK\r\n");
          yield* asks(joe, ["SET", "after", "x"], "+OK\r\n");
          yield* say(mike, ...Array.from({ length: 5_000 }, () => ["INCR", "n"]));
          yield* orExit(read(mike));
          yield* killStore(self, root);
          yield* seesTheEnd(joe);
          yield* seesTheEnd(mike);
          const robert = yield* client();
          yield* asks(robert, ["MGET", "before", "after", "n"], encode(["x", null, null]));
        },
        join(folder, "snapshot"),
      ),
    ));

  it("is all there after an orderly end, and expires when it would have", () =>
    inFolder(async (folder) => {
      const path = join(folder, "snapshot");
      await withServer(function* ({ client }) {
        const joe = yield* client();
        yield* asks(joe, ["SET", "text", "\x00\xff\r\n", "EX", "1000"], "+OK\r\n");
        yield* asks(joe, ["RPUSH", "list", "a", "b"], ":2\r\n");
        yield* asks(joe, ["HSET", "hash", "f", "v"], ":1\r\n");
      }, path);
      await withServer(function* ({ client }) {
        const joe = yield* client();
        yield* asks(joe, ["GET", "text"], encode("\x00\xff\r\n"));
        yield* asks(joe, ["LRANGE", "list", "0", "-1"], encode(["a", "b"]));
        yield* asks(joe, ["HGETALL", "hash"], encode(["f", "v"]));
        yield* asks(joe, ["PERSIST", "list"], ":0\r\n");
        yield* asks(joe, ["PERSIST", "text"], ":1\r\n");
      }, path);
    }));

  it("is not written over by a server that could not read it", () =>
    inFolder(async (folder) => {
      const path = join(folder, "snapshot");
      const broken = "*2\r\n$3\r\nSET";
      writeFileSync(path, broken);
      const reason = { type: "bad_snapshot", path, why: "it ends within a command" };
      await expect(withServer(function* () {}, path)).rejects.toMatchObject({
        reason: ["shutdown", ["failed_to_start_child", "store", reason]],
      });
      expect(readFileSync(path, "latin1")).toBe(broken);
    }));
});

describe("Redis's own programs", () => {
  it.runIf(hasTools)(`redis-cli is a client${toolsNote}`, () =>
    withServer(function* ({ port }) {
      expect(yield* output("redis-cli", ["-p", port, "SET", "k", "v"])).toEqual(["OK"]);
      expect(yield* output("redis-cli", ["-p", port, "GET", "k"])).toEqual(["v"]);
      expect(yield* output("redis-cli", ["-p", port, "LPUSH", "k", "v"])).toContain(
        "WRONGTYPE Operation against a key holding the wrong kind of value",
      );
      expect(yield* output("redis-cli", ["-p", port, "INFO"])).toContain("db0:keys=1,expires=0,avg_ttl=0");
    }),
  );

  it.runIf(hasTools)(
    `redis-benchmark is served, pipelined and not${toolsNote}`,
    () =>
      withServer(function* ({ port }) {
        const tests = "ping,set,get,incr,lpush,lpop,hset,lrange_100,mset";
        for (const depth of ["1", "16"]) {
          const lines = yield* output("redis-benchmark", ["-p", port, "-t", tests, "-n", "500", "-P", depth, "--csv"]);
          // A line for each test; ping and lrange have two.
          expect(lines.filter((line) => /^"[^"]+","\d/.test(line))).toHaveLength(11);
        }
      }),
    20_000,
  );

  it.runIf(hasTools)(`redis-cli --pipe loads a snapshot${toolsNote}`, () =>
    inFolder((folder) => {
      const path = join(folder, "snapshot");
      return withServer(function* ({ client, port }) {
        const joe = yield* client();
        yield* asks(joe, ["RPUSH", "list", "a", "b"], ":2\r\n");
        yield* asks(joe, ["SAVE"], "+OK\r\n");
        yield* asks(joe, ["FLUSHALL"], "+OK\r\n");
        yield* output("sh", ["-c", `redis-cli -p ${port} --pipe < ${path}`]);
        yield* asks(joe, ["LRANGE", "list", "0", "-1"], encode(["a", "b"]));
      }, path);
    }),
  );
});

interface Stage {
  readonly self: Self<Exit>;
  readonly root: SupervisorPid;
  /** A connection to the server. */
  readonly client: () => Steps<Port>;
  readonly port: string;
}

/** Runs `script` against a server on a node of its own, which ends in order. */
function withServer(script: (stage: Stage) => Steps<void>, snapshotPath?: string): Promise<void> {
  const snapshot = snapshotPath === undefined ? null : { path: snapshotPath, everyMs: 3_600_000 };
  return onNode(function* (self) {
    const root = yield* Supervisor.startLink(kvSpec({ host: "127.0.0.1", port: 0 }, snapshot));
    const client = function* (): Steps<Port> {
      return yield* orExit(connect(yield* addressOfServer()));
    };
    const address = yield* addressOfServer();
    yield* script({ self, root, client, port: "port" in address ? String(address.port) : "" });
    yield* end(self, root, "shutdown");
  });
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kv-"));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* addressOfServer(): Steps<Address> {
  // The tree registers it under that name.
  return yield* orExit(serverAddress(whereis(SERVER) as SupervisorPid));
}

/** Kills the store and waits until there is another: a supervisor that restarts answers nobody. */
function* killStore(self: Self<Exit>, root: SupervisorPid): Steps<void> {
  yield* end(self, whereis(STORE) as Pid, "kill"); // it runs
  yield* Supervisor.whichChildren(root);
}

/** Ends `pid` and waits until it has ended. */
function* end(self: Self<Exit>, pid: AnyPid, reason: "kill" | "shutdown"): Steps<void> {
  const ref = monitor(pid);
  exit(pid, reason);
  yield* self.receive(ref);
  unlink(pid);
}

function* converse(client: Port): Steps<void> {
  for (const [command, reply] of CONVERSATION) yield* asks(client, command, reply);
}

function* asks(client: Port, command: readonly string[], reply: string): Steps<void> {
  yield* say(client, command);
  yield* hears(client, reply);
}

function* say(client: Port, ...commands: readonly (readonly string[])[]): Steps<void> {
  yield* orExit(write(client, Buffer.from(commands.map(encodeCommand).join(""), "latin1")));
}

/** Reads as many bytes as `expected` has, or more if they come together: they are these. */
function* hears(client: Port, expected: string): Steps<void> {
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < expected.length;) {
    const bytes = yield* read(client, { timeoutMs: 3_000 });
    if (isPortError(bytes)) break;
    chunks.push(bytes);
    length += bytes.length;
  }
  const heard = Buffer.concat(chunks).toString("latin1");
  if (heard === expected) return;
  expect(heard.slice(0, 1_000)).toBe(expected.slice(0, 1_000));
  expect(heard.length).toBe(expected.length);
}

/** Reads until the connection is closed. */
function* seesTheEnd(client: Port): Steps<void> {
  for (;;) {
    const bytes = yield* read(client, { timeoutMs: 3_000 });
    if (!isPortError(bytes)) continue;
    expect(bytes.code).not.toBe("timeout");
    return;
  }
}

function notNow(name: string): string {
  const allowed = "(P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET";
  return `-ERR Can't execute '${name}': only ${allowed} are allowed in this context\r\n`;
}

/** The lines that a program prints until it ends. */
function* output(program: string, args: readonly string[]): Steps<string[]> {
  const port = yield* orExit(spawnExecutable(program, { args: [...args] }));
  const lines: string[] = [];
  for (;;) {
    const line = yield* readLine(port, { timeoutMs: 10_000 });
    if (typeof line !== "string") return lines;
    lines.push(line);
  }
}
