// The process that lends connections. It never talks to the server and never waits for anybody.
//
//   connection ──"arrived"──────────────►┌──────┐
//   borrower   ──"checkout"─────────────►│ pool │──► a loan, or an error, at once or when its turn has come
//   borrower   ──"checkin", clean or not►└──────┘
//
// It monitors both. A borrower that has gone, or keeps a connection for longer than it said, may have left anything behind: an open
// transaction, a statement that still runs. So its connection is ended, and its supervisor makes another. The same goes for one that is
// given back while a transaction is open.
//
// Who waits is timed here and not by the borrower's call: a loan that comes to somebody who has given up would be nobody's.

import {
  type AnyPid,
  cancelTimer,
  demonitor,
  type Down,
  exit,
  genServer,
  monitor,
  type Pid,
  type Ref,
  reply,
  self as runningProcess,
  sendAfter,
} from "@krarup/core";
import type { Connection } from "./connection.ts";
import { type Borrower, Ledger, type Loan } from "./ledger.ts";
import { type PgError, pgError } from "./pg-error.ts";

/** Under which name the pool is registered. */
export const POOL = "pg_pool";

/** How long a borrower waits, and how long it may keep what it gets. */
export interface Terms {
  readonly queueMs: number;
  readonly loanMs: number;
}

/** The pool as a number of connections and processes. */
export interface PoolStatus {
  readonly idle: number;
  readonly lent: number;
  readonly waiting: number;
}

interface Expired {
  readonly type: "expired";
  readonly ref: Ref;
}

type News = Down | Expired;

/** Lends connections. Started with the number of processes that may wait for one. */
export const Pool = genServer({
  name: POOL,
  register: true,
  init: (queueMax: number) => ({ desk: new Desk(runningProcess<News>(), queueMax) }),
  call: {
    checkout(self, borrower: AnyPid, terms: Terms) {
      // It is this handler's caller, which waits for nothing else.
      const from = self.from as Borrower["from"];
      self.state.desk.checkout(from, borrower, terms);
      return self.noReply<Loan | PgError>();
    },
    status: ({ state }): PoolStatus => state.desk.status,
  },
  cast: {
    arrived: ({ state }, connection: Connection) => state.desk.arrived(connection),
    checkin: ({ state }, loan: Ref, isClean: boolean) => state.desk.checkin(loan, isClean),
  },
  info({ state }, message) {
    // Nothing else is sent to the pool but by its own monitors and timers.
    const news = message as News;
    if (news.type === "expired") state.desk.expired(news.ref);
    else state.desk.ended(news.ref);
  },
  formatStatus: ({ desk }) => desk.status,
});

class Desk {
  readonly #pool: Pid<News>;
  readonly #ledger: Ledger;
  /** Connections by the monitors of them. */
  readonly #connections = new Map<Ref, Connection>();
  /** Timers of those who wait or have borrowed. */
  readonly #timers = new Map<Ref, Ref>();

  constructor(pool: Pid<News>, queueMax: number) {
    this.#pool = pool;
    this.#ledger = new Ledger(queueMax);
  }

  get status(): PoolStatus {
    const { idle, lent, waiting } = this.#ledger;
    return { idle, lent, waiting };
  }

  arrived(connection: Connection): void {
    this.#connections.set(monitor(connection), connection);
    this.#ledger.add(connection);
    this.#lend();
  }

  checkout(from: Borrower["from"], pid: AnyPid, { queueMs, loanMs }: Terms): void {
    const ref = monitor(pid);
    if (!this.#ledger.join({ ref, from, loanMs })) {
      demonitor(ref, { flush: true });
      reply(from, pgError("queue_full", `${this.#ledger.waiting} processes wait for a connection already`));
      return;
    }
    this.#lend();
    if (!this.#timers.has(ref)) this.#startTimer(ref, queueMs);
  }

  checkin(loan: Ref, isClean: boolean): void {
    const connection = this.#close(loan);
    if (connection === null) return;
    if (isClean) this.#ledger.add(connection);
    else endConnection(connection, pgError("connection_lost", "It was given back in the middle of something"));
    this.#lend();
  }

  /** A connection or a borrower has ended. */
  ended(ref: Ref): void {
    const connection = this.#connections.get(ref);
    this.#connections.delete(ref);
    if (connection !== undefined) return this.#ledger.remove(connection);
    this.#ledger.leaveQueue(ref);
    const borrowed = this.#close(ref);
    if (borrowed !== null) endConnection(borrowed, pgError("connection_lost", "Its borrower has ended"));
  }

  expired(ref: Ref): void {
    const waiter = this.#ledger.leaveQueue(ref);
    const borrowed = this.#close(ref);
    if (waiter !== null) reply(waiter.from, pgError("queue_timeout", "No connection was free in time"));
    if (borrowed !== null) endConnection(borrowed, pgError("loan_timeout", "It was kept for too long"));
  }

  #lend(): void {
    for (let next = this.#ledger.lendNext(); next !== null; next = this.#ledger.lendNext()) {
      const { borrower, connection } = next;
      this.#startTimer(borrower.ref, borrower.loanMs);
      reply(borrower.from, { loan: borrower.ref, connection });
    }
  }

  /** Forgets the borrower. @returns what it had */
  #close(ref: Ref): Connection | null {
    this.#stopTimer(ref);
    demonitor(ref, { flush: true });
    return this.#ledger.endLoan(ref);
  }

  #startTimer(ref: Ref, ms: number): void {
    this.#stopTimer(ref);
    this.#timers.set(ref, sendAfter(ms, this.#pool, { type: "expired", ref }));
  }

  #stopTimer(ref: Ref): void {
    const timer = this.#timers.get(ref);
    if (timer === undefined) return;
    cancelTimer(timer);
    this.#timers.delete(ref);
  }
}

/** Whoever asks it for something meanwhile is told `why`. */
function endConnection(connection: Connection, why: PgError): void {
  exit(connection, ["shutdown", why]);
}
