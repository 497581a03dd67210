// One session with the server, by way of `pg`. This is the only file that knows of `pg`.
//
// The session ends with the process that opened it, in whatever way that ends: the signal that `self.await` gives aborts then. At a
// moment when nothing is under way the server is told; otherwise the socket is destroyed, and a server that still computes looks after
// its client every second (`client_connection_check_interval`, from PostgreSQL 14) and gives up.

import { Socket } from "node:net";
import { type Self, send, type Suspension } from "@krarup/core";
import { Client, type ClientConfig, DatabaseError } from "pg";
import { type PgError, pgError } from "./pg-error.ts";

type Steps<T> = Generator<Suspension, T, void>;

/** Where the server is and who we are there. What is absent is libpq's default, `PGHOST` and its relatives included. */
export interface Server {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** What may stand for `$1`, `$2` … */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly SqlValue[];

/**
 * What a statement gave. Integers up to 32 bits, floats, booleans and JSON are what they are in JavaScript; everything else is the text
 * that the server wrote, so that no digit of an `int8` or `numeric` is lost.
 */
export interface SqlResult {
  readonly command: string;
  readonly rowCount: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** One statement with what stands for its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** The outcome of one statement, and what it left the session in. */
export interface Answer {
  readonly outcome: SqlResult | PgError;
  readonly session: "idle" | "in_transaction" | "lost";
}

/** The session has ended. */
export interface SessionLost {
  readonly type: "session_lost";
  readonly error: PgError;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Milliseconds after the last word until the socket is destroyed, whether or not the server has heard it. */
const FAREWELL_MS = 1_000;
/** Milliseconds of silence after which the system looks whether the server is still there. */
const KEEP_ALIVE_MS = 10_000;
/** How the server names our sessions in `pg_stat_activity`. */
export const APPLICATION = "krarup pg-pool";

/** Codes with which the server ends a session. */
const FAREWELLS: readonly unknown[] = ["25P03", "57P01", "57P02", "57P03", "57P04", "57P05"];

/** The types of values that are read, by the server's numbers for them: bool, int2, int4, oid, float4, float8, json, jsonb. */
const READERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [16, (text) => text === "t"],
  ...[21, 23, 26, 700, 701].map((type) => [type, Number] as const),
  ...[114, 3802].map((type) => [type, (text: string): unknown => JSON.parse(text)] as const),
]);

/** A session with the server. */
export class Backend {
  readonly #owner: Pick<Self, "await">;
  readonly #client: Client;

  private constructor(owner: Pick<Self, "await">, client: Client) {
    this.#owner = owner;
    this.#client = client;
  }

  /** Opens a session that ends with this process; if it ends earlier, the process gets a {@link SessionLost}. */
  static *open<M>(self: Self<M | SessionLost>, server: Server): Steps<Backend | PgError> {
    const socket = new Socket();
    // What keeps the program alive are its processes, never a socket.
    socket.unref();
    const client = clientOver(socket, server);
    client.on("error", (error) => send(self, { type: "session_lost", error: errorFrom(error) }));
    try {
      yield* self.await((signal) => {
        signal.addEventListener("abort", () => hangUp(client, socket));
        return client.connect();
      });
      return new Backend(self, client);
    } catch (thrown) {
      return errorFrom(thrown);
    }
  }

  /** Runs one statement. */
  *run(statement: Statement): Steps<Answer> {
    try {
      const outcome = yield* this.#owner.await(() => this.#query(statement));
      return { outcome, session: this.#isIdle ? "idle" : "in_transaction" };
    } catch (thrown) {
      const error = errorFrom(thrown);
      if (error.code === "connection_lost") return { outcome: error, session: "lost" };
      return { outcome: error, session: this.#isIdle ? "idle" : "in_transaction" };
    }
  }

  async #query({ text, values }: Statement): Promise<SqlResult> {
    // Without the mode a text without parameters could be several statements, with several results.
    const query = { text, values: [...values], queryMode: "extended" };
    const { command, rowCount, rows } = await this.#client.query<Record<string, unknown>>(query);
    return { command, rowCount: rowCount ?? 0, rows };
  }

  /** After an error it is what it was before it, as the server has not said more yet: an error does not end a transaction. */
  get #isIdle(): boolean {
    return this.#client.getTransactionStatus() === "I";
  }
}

function clientOver(socket: Socket, server: Server): Client {
  const config: ClientConfig = {
    ...server,
    stream: () => socket,
    application_name: APPLICATION,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    options: "-c client_connection_check_interval=1s",
    types: { getTypeParser: (type: number) => READERS.get(type) ?? ((text: string) => text) },
  };
  return new Client(config);
}

/** Ends the session: with a last word if nothing is under way, and in any case soon. */
function hangUp(client: Client, socket: Socket): void {
  socket.setTimeout(FAREWELL_MS, () => socket.destroy());
  void client.end();
}

/** Says what has gone wrong; a session that has ended is `"connection_lost"`, whatever ended it. */
function errorFrom(thrown: unknown): PgError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (!(thrown instanceof DatabaseError) || isLast(thrown)) return pgError("connection_lost", message);
  const { code = "", constraint } = thrown;
  return { ...pgError(code, message), ...(constraint === undefined ? {} : { constraint }) };
}

function isLast({ severity, code }: DatabaseError): boolean {
  return severity === "FATAL" || severity === "PANIC" || FAREWELLS.includes(code);
}
