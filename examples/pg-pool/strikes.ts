// What the world does to a pool: the server ends sessions, borrowers are killed in the middle of a transaction. Each strike says what it
// has hit.

import { type AnyPid, exit, type Suspension } from "@krarup/core";
import { APPLICATION } from "./backend.ts";
import { isPgError } from "./pg-error.ts";
import { query } from "./query.ts";

type Steps<T> = Generator<Suspension, T, void>;

/** Which of our sessions is struck. Its own, which runs this statement, is spared. */
const STATES = { busy: "state <> 'idle'", idle: "state = 'idle'" } as const;

/** Ends one of our sessions, by way of another. */
export function* endSession(kind: keyof typeof STATES): Steps<string> {
  const victims = `SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid() AND ${STATES[kind]}`;
  const outcome = yield* query(`SELECT pid, pg_terminate_backend(pid) FROM (${victims} LIMIT 1) victims`, [
    APPLICATION,
  ]);
  if (isPgError(outcome)) return `nobody could be ended: ${outcome.code}`;
  const pid = outcome.rows[0]?.["pid"];
  return pid === undefined ? `no session was ${kind}` : `the server ended session ${String(pid)}, which was ${kind}`;
}

/** Kills one of `customers`, most likely within a transaction. */
export function killOne(customers: readonly AnyPid[], random: () => number): string {
  const victim = customers[Math.floor(random() * customers.length)];
  if (victim === undefined) return "no customer was there";
  exit(victim, "kill");
  return `customer ${String(victim)} was killed`;
}
