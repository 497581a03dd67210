import { type AnyPid, type Exit, exit, monitor, type Self, spawn, type Suspension } from "@krarup/core";
import { accept, close, listen, listenerInfo, orExit, write } from "@krarup/ports";
import { Supervisor } from "@krarup/supervisor";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Server, SqlResult } from "../../examples/pg-pool/backend.ts";
import { findPrograms, OwnServer } from "../../examples/pg-pool/own-server.ts";
import { isPgError, type PgError } from "../../examples/pg-pool/pg-error.ts";
import { Pool, POOL } from "../../examples/pg-pool/pool.ts";
import { query, transaction } from "../../examples/pg-pool/query.ts";
import { poolSpec } from "../../examples/pg-pool/tree.ts";
import { onNode } from "./on-node.ts";

type Steps<T> = Generator<Suspension, T, void>;

const programs = findPrograms();
const note = programs === null ? " (skipped: postgresql is not installed)" : "";

const SIZE = 3;
const QUEUE_MAX = 2;
/** Milliseconds in which the pool must be whole again. */
const PATIENCE_MS = 10_000;

describe.runIf(programs !== null)(`the pool, before a server of its own${note}`, () => {
  let address: Server = {};
  let release: () => void = () => undefined;
  let hosting: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    await new Promise<void>((ready, failed) => {
      hosting = onNode(function* (self) {
        const server = yield* OwnServer.create(programs ?? "");
        yield* server.start();
        address = server.address;
        const over = new Promise<void>((resolve) => (release = resolve));
        ready();
        yield* self.await(over);
        yield* server.remove();
      });
      hosting.catch(failed);
    });
  }, 60_000);

  afterAll(async () => {
    release();
    await hosting;
  }, 60_000);

  const withPool = (script: (self: Self<Exit>) => Steps<void>): Promise<void> =>
    onNode(function* (self) {
      yield* Supervisor.startLink(poolSpec({ server: address, size: SIZE, queueMax: QUEUE_MAX }));
      yield* isWhole(self);
      yield* script(self);
    });

  describe("query", () => {
    it("returns numbers, booleans and JSON as such, and everything else as the server's text", () =>
      withPool(function* () {
        const columns =
          "1 AS a, 2.5::float8 AS b, true AS c, '{\"x\": [1]}'::jsonb AS d, 9007199254740993 AS e, null AS f";
        expect(yield* rows(query(`SELECT ${columns}, $1::text[] AS g`, [["x", "y z"]]))).toEqual([
          { a: 1, b: 2.5, c: true, d: { x: [1] }, e: "9007199254740993", f: null, g: '{x,"y z"}' },
        ]);
      }));

    it.each([
      ["selec", "42601"],
      ["SELECT 1; SELECT 2", "42601"],
      ["SELECT 1 / 0", "22012"],
      ["SELECT * FROM nowhere", "42P01"],
      ["SELECT repeat('x', 1024) FROM generate_series(1, 1000000)", "result_too_large"],
    ])("returns the error of %j: %s", (text, code) =>
      withPool(function* () {
        expect(yield* query(text)).toMatchObject({ type: "pg_error", code });
        expect(yield* rows(query("SELECT 1 AS n"))).toEqual([{ n: 1 }]);
        expect(yield* Pool.call(POOL).status()).toEqual({ idle: SIZE, lent: 0, waiting: 0 });
      }),
    );

    it("refuses what is no statement, and lends the connection to the next", () =>
      withPool(function* () {
        // What a program without types would do.
        const bad = [
          () => query(7 as never),
          () => query("SELECT $1", [(() => 7) as never]),
          () => query("", [], { loanMs: -1 }),
        ];
        for (const attempt of bad) expect(yield* codeThrownBy(attempt)).toMatch(/^ERR_(BAD_ARGUMENT|NOT_SENDABLE)$/);
        expect(yield* Pool.call(POOL).status()).toEqual({ idle: SIZE, lent: 0, waiting: 0 });
      }));

    it("waits for a connection up to its time, and not at all when too many wait", () =>
      withPool(function* (self) {
        const borrowers = yield* borrowAll(self);
        expect(yield* query("SELECT 1", [], { queueMs: 20 })).toMatchObject({ code: "queue_timeout" });
        const waiters = [spawn(() => query("SELECT 1")), spawn(() => query("SELECT 1"))];
        while ((yield* Pool.call(POOL).status()).waiting < waiters.length) yield* self.sleep(1);
        expect(yield* query("SELECT 1")).toMatchObject({ code: "queue_full" });
        for (const waiter of waiters) yield* end(self, waiter);
        expect((yield* Pool.call(POOL).status()).waiting).toBe(0);
        for (const borrower of borrowers) yield* end(self, borrower);
      }));
  });

  describe("transaction", () => {
    it.each([
      ["what its body returns, and keeps what was done", [], "done", 1],
      ["the error its body returns, and keeps nothing", ["returns"], "22012", 0],
      ["the error its body took no notice of, and keeps nothing", ["ignores"], "22012", 0],
      ["what its body throws, and keeps nothing", ["throws"], "thrown", 0],
    ])("gives %s", (_what, [fault], expected, kept) =>
      withPool(function* () {
        const table = `t_${crypto.randomUUID().replaceAll("-", "")}`;
        yield* rows(query(`CREATE TABLE ${table} (n int)`));
        const work = transaction(function* (session) {
          yield* session.query(`INSERT INTO ${table} VALUES (1)`);
          if (fault === undefined) return "done";
          const failed = yield* session.query("SELECT 1 / 0");
          if (fault === "throws") throw new Error("thrown");
          return fault === "returns" ? failed : "done";
        });
        expect(yield* wordFrom(work)).toBe(expected);
        expect(yield* rows(query(`SELECT * FROM ${table}`))).toHaveLength(kept);
        expect(yield* Pool.call(POOL).status()).toEqual({ idle: SIZE, lent: 0, waiting: 0 });
      }),
    );

    it("refuses a statement after its end", () =>
      withPool(function* () {
        const session = yield* transaction(function* (each) {
          return each;
        });
        if (isPgError(session)) throw new Error(session.message);
        expect(yield* codeThrownBy(() => session.query("SELECT 1"))).toBe("ERR_BAD_ARGUMENT");
      }));
  });

  describe("a connection", () => {
    it("is not given on when its borrower was killed within a transaction", () =>
      withPool(function* (self) {
        const before = yield* backends();
        const borrowers = yield* borrowAll(self);
        for (const borrower of borrowers) yield* end(self, borrower);
        yield* isWhole(self);
        expect((yield* backends()).filter((pid) => before.includes(pid))).toEqual([]);
        expect(yield* rows(query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"))).toEqual([]);
      }));

    it("is not given on when a transaction was left open in it", () =>
      withPool(function* (self) {
        const [row] = yield* rows(query("SELECT pg_backend_pid() AS pid"));
        yield* rows(query("BEGIN"));
        yield* isWhole(self);
        expect(yield* backends()).not.toContain(Number(row?.["pid"]));
      }));

    it("is taken away when it is kept for too long, and the server stops what it was doing", () =>
      withPool(function* (self) {
        const asleep =
          "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(%' AND pid <> pg_backend_pid()";
        expect(yield* query("SELECT pg_sleep(60)", [], { loanMs: 50 })).toMatchObject({ code: "loan_timeout" });
        while ((yield* rows(query(asleep))).length > 0) yield* self.sleep(20);
        yield* isWhole(self);
      }));

    it("that the server ends while it is idle is replaced, and nobody notices", () =>
      withPool(function* (self) {
        const before = yield* backends();
        const others = "SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid WHERE pid <> pg_backend_pid()";
        expect(yield* rows(query(others, [before]))).toHaveLength(SIZE - 1);
        yield* isWhole(self, before);
      }));

    it("that the server ends while it is busy gives its borrower an error, and is replaced", () =>
      withPool(function* (self) {
        const before = yield* backends();
        const lost = yield* query("SELECT pg_terminate_backend(pg_backend_pid())");
        expect(lost).toMatchObject({ code: "connection_lost" });
        yield* isWhole(self, before);
        expect(yield* rows(query("SELECT 1 AS n"))).toEqual([{ n: 1 }]);
      }));
  });
});

describe.runIf(programs !== null)(`when the server is stopped and started${note}`, () => {
  it(
    "callers wait, or get an error, and the pool is whole again",
    () =>
      onNode(function* (self) {
        const server = yield* OwnServer.create(programs ?? "");
        yield* server.start();
        yield* Supervisor.startLink(poolSpec({ server: server.address, size: SIZE }));
        yield* isWhole(self);
        yield* server.stop();
        expect(yield* query("SELECT 1", [], { queueMs: 300 })).toSatisfy(isPgError);
        const waiter = spawn(function* () {
          exit(["said", yield* rows(query("SELECT 1 AS n"))]);
        });
        const ref = monitor(waiter);
        yield* server.start();
        expect(yield* self.receive(ref)).toMatchObject({ reason: ["said", [{ n: 1 }]] });
        yield* isWhole(self);
        yield* server.remove();
      }),
    30_000,
  );

  it("the demonstration finds every transfer as its customer was told", () => {
    const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
    const args = ["run", file("../../examples/pg-pool/main.ts"), "--", "--seconds", "5", "--connections", "4"];
    const output = execFileSync(process.execPath, [file("../../packages/cli/bin/krarup.mjs"), ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(output).toMatch(/the server was stopped[^]*the server was started/);
    expect(output).toMatch(/^\d+ transfers were done; 0 of them are not in the books\.$/m);
    expect(output).toMatch(/^0 that were said to have failed are in the books\.$/m);
    expect(output).toMatch(/^All money is there\.$/m);
  }, 60_000);
});

describe("the pool without a server", () => {
  it("lets callers wait, and goes on trying", () =>
    onNode(function* () {
      yield* Supervisor.startLink(poolSpec({ server: { host: "/nowhere" }, size: 2 }));
      expect(yield* query("SELECT 1", [], { queueMs: 300 })).toMatchObject({ code: "queue_timeout" });
      expect(yield* Pool.call(POOL).status()).toEqual({ idle: 0, lent: 0, waiting: 0 });
    }));

  it("is not there: that is an error as well", () =>
    onNode(function* () {
      expect(yield* query("SELECT 1")).toMatchObject({ code: "pool_down" });
    }));

  it.each([
    ["speaks something else", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["says nonsense", "R\x00\x00\x00\x08\x00\x00\x00\x00Z\x00\x00\x00\x051\x00\x00\x00\x04"],
  ])("survives something that %s", (_what, words) =>
    onNode(function* (self) {
      const listener = yield* orExit(listen({ host: "127.0.0.1", port: 0 }));
      const { address } = yield* orExit(listenerInfo(listener));
      if (!("port" in address)) throw new Error("it listens on a port");
      const server = { host: "127.0.0.1", port: address.port, user: "joe", database: "joe" };
      const root = yield* Supervisor.startLink(poolSpec({ server, size: 1 }));
      for (let i = 0; i < 3; i++) {
        const socket = yield* orExit(accept(listener));
        yield* orExit(write(socket, Buffer.from(words, "latin1")));
        yield* close(socket);
      }
      expect(yield* Pool.call(POOL).status()).toMatchObject({ lent: 0, waiting: 0 });
      yield* end(self, root);
    }),
  );
});

/** The rows of a statement that succeeds. */
function* rows(statement: Steps<SqlResult | PgError>): Steps<SqlResult["rows"]> {
  const outcome = yield* statement;
  if (isPgError(outcome)) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome.rows;
}

function* wordFrom(work: Steps<unknown>): Steps<unknown> {
  try {
    const outcome = yield* work;
    return isPgError(outcome) ? outcome.code : outcome;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : thrown;
  }
}

function* codeThrownBy(attempt: () => Steps<unknown>): Steps<unknown> {
  try {
    yield* attempt();
    return "none";
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown ? thrown.code : thrown;
  }
}

/** Borrows every connection, each for a process within a transaction that holds a lock. */
function* borrowAll(self: Self<Exit>): Steps<AnyPid[]> {
  const borrowers = Array.from({ length: SIZE }, (_, i) =>
    spawn((own: Self) =>
      transaction(function* (session) {
        yield* session.query("SELECT pg_advisory_lock($1::int)", [i]);
        yield* own.receive();
      }),
    ),
  );
  while ((yield* Pool.call(POOL).status()).lent < SIZE) yield* self.sleep(1);
  return borrowers;
}

/** The server's numbers for the sessions of this pool; each connection is asked. */
function* backends(): Steps<number[]> {
  const pids: number[] = [];
  const ask = function* (left: number): Steps<void> {
    yield* transaction(function* (session) {
      const [row] = yield* rows(session.query("SELECT pg_backend_pid() AS pid"));
      pids.push(Number(row?.["pid"]));
      if (left > 1) yield* ask(left - 1);
    });
  };
  yield* ask(SIZE);
  return pids;
}

/** Waits until every connection is there, and one at least is none of `former`, if these are given. */
function* isWhole(self: Self<Exit>, former?: readonly number[]): Steps<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { idle } = yield* Pool.call(POOL).status();
    if (idle === SIZE && (former === undefined || (yield* backends()).some((pid) => !former.includes(pid)))) return;
    if (performance.now() > deadline) throw new Error(`${idle} of ${SIZE} connections are there`);
    yield* self.sleep(10);
  }
}

/** Kills a process, and waits until it has ended. */
function* end(self: Self<Exit>, pid: AnyPid): Steps<void> {
  const ref = monitor(pid);
  exit(pid, "kill");
  yield* self.receive(ref);
}
