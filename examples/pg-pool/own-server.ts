// A PostgreSQL server of one's own, in a folder of its own and reached by a unix socket there: for a demonstration, and for tests.
//
// A shell starts the server, says when it is ready, and stops it when its own input ends. So the server ends when its port is closed, and
// also when this program is killed with a signal that leaves it no time.

import { spawnSync } from "node:child_process";
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Suspension } from "@krarup/core";
import { closeWrite, isPortError, orExit, type Port, readLine, spawnExecutable } from "@krarup/ports";
import type { Server } from "./backend.ts";

type Steps<T> = Generator<Suspension, T, void>;

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 20_000;

/** Arguments: the folder, the programs' folder, then the command that runs the server. */
const KEEPER = `
folder=$1; programs=$2; shift 2
"$@" >>"$folder/log" 2>&1 &
server=$!
trap : TERM
until "$programs/pg_isready" -q -h "$folder"; do
  kill -0 "$server" || exit 1
  sleep 0.05
done
echo ready
cat >/dev/null
kill -INT "$server"
wait "$server"
`;

/** The folder with the server's programs: in `PATH`, or where Debian has them. @returns null when there is none */
export function findPrograms(): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...globSync("/usr/lib/postgresql/*/bin")];
  return (
    folders.find((folder) => ["initdb", "postgres", "pg_isready"].every((name) => existsSync(join(folder, name)))) ??
    null
  );
}

/** A server that can be started, stopped, and started again. Each of it waits, and ends the process when it fails. */
export class OwnServer {
  readonly #programs: string;
  readonly #folder: string;
  /** The server refuses to run as root; then it runs as the user that Debian makes for it. */
  readonly #asUser: readonly string[];
  #port: Port | null = null;

  private constructor(programs: string, folder: string, asUser: readonly string[]) {
    this.#programs = programs;
    this.#folder = folder;
    this.#asUser = asUser;
  }

  /** Makes a server, without starting it. `programs` is what {@link findPrograms} found. */
  static *create(programs: string): Steps<OwnServer> {
    const folder = mkdtempSync(join(tmpdir(), "krarup-pg-"));
    const user = process.getuid?.() === 0 ? giveAway(folder) : null;
    const asUser = user === null ? [] : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--"];
    const server = new OwnServer(programs, folder, asUser);
    const args = ["-D", join(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"];
    yield* server.#run([...asUser, join(programs, "initdb"), ...args]);
    return server;
  }

  /** How a client reaches it. */
  get address(): Server {
    return { host: this.#folder, user: "postgres", database: "postgres" };
  }

  *start(): Steps<void> {
    const settings = [
      "listen_addresses=",
      `unix_socket_directories=${this.#folder}`,
      "fsync=off",
      "max_connections=200",
    ];
    const options = settings.flatMap((setting) => ["-c", setting]);
    const server = [...this.#asUser, join(this.#programs, "postgres"), "-D", join(this.#folder, "data"), ...options];
    const args = ["-c", KEEPER, "keeper", this.#folder, this.#programs, ...server];
    const port = yield* orExit(spawnExecutable("sh", { args, killAfterMs: STOP_TIMEOUT_MS }));
    yield* orExit(readLine(port, { timeoutMs: START_TIMEOUT_MS }));
    this.#port = port;
  }

  /** Stops it at once: sessions end, what was committed stays. */
  *stop(): Steps<void> {
    const port = this.#port;
    this.#port = null;
    if (port === null) return;
    yield* closeWrite(port);
    while (!isPortError(yield* readLine(port, { timeoutMs: STOP_TIMEOUT_MS })));
  }

  /** Stops it and removes all it has. */
  *remove(): Steps<void> {
    yield* this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs a command to its end. */
  *#run([program = "", ...args]: readonly string[]): Steps<void> {
    const port = yield* orExit(spawnExecutable(program, { args }));
    while (!isPortError(yield* readLine(port, { timeoutMs: START_TIMEOUT_MS })));
  }
}

/** Lets the server's user own `folder`. @returns its number */
function giveAway(folder: string): string {
  const ids = spawnSync("id", ["-u", "postgres"], { encoding: "utf8" });
  const id = ids.status === 0 ? ids.stdout.trim() : "65534";
  chownSync(folder, Number(id), -1);
  return id;
}
