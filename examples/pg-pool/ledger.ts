import type { From, Ref } from "@krarup/core";
import type { Connection } from "./connection.ts";
import type { PgError } from "./pg-error.ts";

/** A connection and the name under which it is given back. */
export interface Loan {
  readonly loan: Ref;
  readonly connection: Connection;
}

/** Somebody who wants a connection. */
export interface Borrower {
  /** The pool's monitor of the borrower, which is also the name of the loan. */
  readonly ref: Ref;
  readonly from: From<Loan | PgError>;
  /** Milliseconds that a connection may be kept. */
  readonly loanMs: number;
}

/** Who has which connection, which are free, and who waits. It decides; the pool does. */
export class Ledger {
  readonly #queueMax: number;
  /** The last one that came back goes out first: the others get old, and their servers' caches cold, but none is in the way. */
  readonly #idle: Connection[] = [];
  readonly #lent = new Map<Ref, Connection>();
  readonly #queue = new Map<Ref, Borrower>();

  constructor(queueMax: number) {
    this.#queueMax = queueMax;
  }

  get idle(): number {
    return this.#idle.length;
  }

  get lent(): number {
    return this.#lent.size;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** A connection is free. */
  add(connection: Connection): void {
    this.#idle.push(connection);
  }

  /** A connection has ended. Who has it, learns of that by asking it. */
  remove(connection: Connection): void {
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    for (const [ref, lent] of this.#lent) if (lent === connection) this.#lent.delete(ref);
  }

  /** Somebody asks for a connection. @returns false when as many wait as may */
  join(borrower: Borrower): boolean {
    if (this.#idle.length === 0 && this.#queue.size >= this.#queueMax) return false;
    this.#queue.set(borrower.ref, borrower);
    return true;
  }

  /** The next loan that can be made. */
  lendNext(): { readonly borrower: Borrower; readonly connection: Connection } | null {
    const [borrower] = this.#queue.values();
    const connection = this.#idle.at(-1);
    if (borrower === undefined || connection === undefined) return null;
    this.#idle.pop();
    this.#queue.delete(borrower.ref);
    this.#lent.set(borrower.ref, connection);
    return { borrower, connection };
  }

  /** Somebody waits no longer. @returns null when nobody of that name waited */
  leaveQueue(ref: Ref): Borrower | null {
    const borrower = this.#queue.get(ref) ?? null;
    this.#queue.delete(ref);
    return borrower;
  }

  /** A loan is over. @returns what was lent, or null when nothing was, or is any longer */
  endLoan(ref: Ref): Connection | null {
    const connection = this.#lent.get(ref) ?? null;
    this.#lent.delete(ref);
    return connection;
  }
}
