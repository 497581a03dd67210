// The other systems: what each needs, how its programs are built, how one is run.

import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { System } from "./measure.ts";

interface Peer {
  readonly name: string;
  readonly folder: string;
  /** Prints the version; fails where the system is not installed. */
  readonly version: readonly string[];
  readonly install: string;
  /** Run in the copy of the peer's folder. */
  readonly build: readonly string[];
  command(built: string, words: readonly string[]): readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const PEERS: readonly Peer[] = [
  {
    name: "erlang",
    folder: "erlang",
    version: [
      "erl",
      "-noshell",
      "-eval",
      'io:format("~s (erts ~s)",[erlang:system_info(otp_release),erlang:system_info(version)]),halt().',
    ],
    install: "Erlang/OTP (Debian: erlang-base)",
    build: ["sh", "-c", "erlc *.erl"],
    command: (built, words) => [
      "erl",
      "+S",
      "1",
      "+P",
      "4000000",
      "-noshell",
      "-pa",
      built,
      "-run",
      "bench",
      "main",
      ...words,
    ],
  },
  {
    name: "elixir",
    folder: "elixir",
    version: ["elixir", "--short-version"],
    install: "Elixir (Debian: elixir)",
    build: ["elixirc", "bench.ex"],
    command: (built, words) => [
      "elixir",
      "--erl",
      "+S 1 +P 4000000",
      "-pa",
      built,
      "-e",
      "Bench.main(System.argv())",
      "--",
      ...words,
    ],
  },
  {
    name: "go",
    folder: "go",
    version: ["go", "env", "GOVERSION"],
    install: "Go 1.19 or later (Debian: golang-go)",
    build: ["go", "build", "-o", "bench", "."],
    command: (built, words) => [join(built, "bench"), ...words],
    env: { GOMAXPROCS: "1" },
  },
  {
    name: "tokio",
    folder: "tokio",
    version: ["sh", "-c", "cd /usr/share/cargo/registry && ls -d tokio-1.* | cut -d - -f 2"],
    install: "cargo and tokio (Debian: cargo, librust-tokio-dev)",
    build: ["cargo", "build", "--quiet", "--release", "--offline"],
    command: (built, words) => [join(built, "target", "release", "bench"), ...words],
  },
  {
    name: "gevent",
    folder: "gevent",
    version: ["/usr/bin/python3", "-c", "import gevent; print(gevent.__version__)"],
    install: "Python 3 with gevent (Debian: python3-gevent)",
    build: ["true"],
    command: (built, words) => ["/usr/bin/python3", join(built, "bench.py"), ...words],
  },
  ...["promise", "effect", "xstate", "nact", "comedy"].map(nodePeer),
];

function nodePeer(name: string): Peer {
  return {
    name,
    folder: "node",
    version: [process.execPath, "-p", `require("./peers/node/package.json").dependencies.${name} ?? process.version`],
    install: "npm",
    build: ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
    command: (built, words) => [process.execPath, "--expose-gc", join(built, `${name}.mjs`), ...words],
  };
}

/** A peer that can run, with its version. */
export interface ReadyPeer extends System {
  readonly version: string;
}

/**
 * Builds the peers that `names` names, by themselves or by their folder; "all" is every one. For one that cannot run here, `say` is told why.
 */
export function preparePeers(names: readonly string[], say: (line: string) => void): readonly ReadyPeer[] {
  const isNamed = (peer: Peer, name: string): boolean => ["all", peer.name, peer.folder].includes(name);
  const unknown = names.find((name) => !PEERS.some((peer) => isNamed(peer, name)));
  if (unknown !== undefined) {
    const known = PEERS.map(({ name }) => name).join(", ");
    throw new Error(`Cannot compare with ${unknown}: choose among ${known}; node for those of JavaScript, or all`);
  }
  const wanted = PEERS.filter((peer) => names.some((name) => isNamed(peer, name)));
  return wanted.flatMap((peer) => {
    const ready = prepare(peer);
    if (typeof ready !== "string") return [ready];
    say(`${peer.name} is skipped: ${ready}`);
    return [];
  });
}

function prepare(peer: Peer): ReadyPeer | string {
  const version = run(peer.version, import.meta.dirname);
  if (version === null) return `install ${peer.install}`;
  const built = join(import.meta.dirname, ".build", peer.folder);
  if (!build(peer, built)) return `its build fails, see ${peer.build.join(" ")} in ${built}`;
  const { name, env } = peer;
  return {
    name,
    version,
    isOurs: false,
    command: (words) => peer.command(built, words),
    ...(env && { env }),
  };
}

/** Builds in a copy, so that the tree stays clean; again only when a source has changed. */
function build(peer: Peer, built: string): boolean {
  const sources = join(import.meta.dirname, "peers", peer.folder);
  const stamp = join(built, ".built");
  const hash = hashOf(sources);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return true;
  mkdirSync(built, { recursive: true });
  cpSync(sources, built, { recursive: true });
  if (run(peer.build, built) === null) return false;
  writeFileSync(stamp, hash);
  return true;
}

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) hash.update(readFileSync(join(entry.parentPath, entry.name)));
  return hash.digest("hex");
}

function run([program = "", ...args]: readonly string[], cwd: string): string | null {
  const { status, stdout } = spawnSync(program, args, { cwd, encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}
