// What the demonstration does with the database: money goes from account to account, and none may come or go.

import type { Suspension } from "@krarup/core";
import { isPgError, type PgError, pgError } from "./pg-error.ts";
import { query, transaction } from "./query.ts";

type Steps<T> = Generator<Suspension, T, void>;

const ACCOUNTS = 100;
const BALANCE = 1_000;

const SCHEMA = [
  "DROP TABLE IF EXISTS transfers, accounts",
  "CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0))",
  "CREATE TABLE transfers (id text PRIMARY KEY)",
];

/** One transfer, with a name that no other has. */
export interface Transfer {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** What the books say in the end. */
export interface Books {
  /** Money in all accounts, less what there was at the beginning. */
  readonly surplus: number;
  /** Names of the transfers that were done. */
  readonly done: ReadonlySet<string>;
}

/** Opens the accounts. Ends with an error if it cannot. */
export function* openBank(): Steps<null | PgError> {
  for (const statement of SCHEMA) {
    const outcome = yield* query(statement);
    if (isPgError(outcome)) return outcome;
  }
  const outcome = yield* query("INSERT INTO accounts SELECT id, $1 FROM generate_series(1, $2::int) id", [
    BALANCE,
    ACCOUNTS,
  ]);
  return isPgError(outcome) ? outcome : null;
}

/** A transfer between two accounts by chance. */
export function anyTransfer(id: string, random: () => number): Transfer {
  const from = 1 + Math.floor(random() * ACCOUNTS);
  const to = 1 + ((from + Math.floor(random() * (ACCOUNTS - 1))) % ACCOUNTS);
  return { id, from, to, amount: 1 + Math.floor(random() * 50) };
}

/** Does a transfer. @returns null when it was done; the code is `"23514"` when the account has too little */
export function* transfer(
  { id, from, to, amount }: Transfer,
  limits: { readonly queueMs: number },
): Steps<null | PgError> {
  return yield* transaction<null | PgError>(function* (session) {
    const changes: [number, number][] = [
      [from, -amount],
      [to, amount],
    ];
    // Always in the same order, so that no two transfers wait for each other.
    for (const [account, change] of changes.toSorted(([a], [b]) => a - b)) {
      const changed = yield* session.query("UPDATE accounts SET balance = balance + $2 WHERE id = $1", [
        account,
        change,
      ]);
      if (isPgError(changed)) return changed;
    }
    const noted = yield* session.query("INSERT INTO transfers VALUES ($1)", [id]);
    return isPgError(noted) ? noted : null;
  }, limits);
}

/** Looks into the books. */
export function* audit(): Steps<Books | PgError> {
  const sums = yield* query("SELECT sum(balance)::int AS sum FROM accounts");
  if (isPgError(sums)) return sums;
  const ids = yield* query("SELECT coalesce(string_agg(id, ' '), '') AS ids FROM transfers");
  if (isPgError(ids)) return ids;
  const [sum, text] = [sums.rows[0]?.["sum"], ids.rows[0]?.["ids"]];
  if (typeof sum !== "number" || typeof text !== "string") return pgError("no_books", "The books cannot be read");
  return { surplus: sum - ACCOUNTS * BALANCE, done: new Set(text.split(" ")) };
}
