// The process that owns what is stored. Commands of all clients go through it one by one, so each is atomic, as in Redis.
//
// Its state is a database that changes in place: no draft, so a command costs what it costs on a Map, and a list of a million elements
// takes one more without a copy. The price: after a handler that throws there is no state before it. The process ends, the database with
// it, and the next store begins with the snapshot.

import {
  cancelTimer,
  genServer,
  monotonicTime,
  type Pid,
  type Ref,
  refuse,
  self as runningProcess,
  sendAfter,
} from "@krarup/core";
import { runCommand } from "./commands/run-command.ts";
import { type Alarms, Database } from "./database.ts";
import { REPLY_BYTES_PER_CALL } from "./limits.ts";
import { encode } from "./reply.ts";
import type { Command } from "./request-parser.ts";
import { loadSnapshot } from "./snapshot-file.ts";
import { snapshotOf } from "./snapshot-text.ts";

/** What came of some commands. */
export interface Answers {
  /** The replies, encoded: a text crosses from process to process without a copy. */
  readonly text: string;
  /** How many of the commands they answer; the rest has not been done. */
  readonly done: number;
}

/** A snapshot and the state of the counter of changes that it shows; without a text when nothing has changed since. */
export interface Snapshot {
  readonly text: string | null;
  readonly changes: number;
}

interface Expired {
  readonly type: "expired";
  readonly key: string;
}

/** Under which name the store is registered. */
export const STORE = "kv_store";

/** Keys and values. Started with the path of the snapshot, or null for none. */
export const Store = genServer({
  name: STORE,
  register: true,
  *init(path: string | null) {
    const sinceEpoch = Date.now() - monotonicTime();
    const database = new Database(() => sinceEpoch + monotonicTime(), new Timers(runningProcess<Expired>()));
    const problem = path === null ? null : yield* loadSnapshot(database, path);
    return problem === null ? { database } : refuse(problem);
  },
  call: {
    run({ state }, commands: readonly Command[]): Answers {
      let text = "";
      let done = 0;
      while (done < commands.length && text.length < REPLY_BYTES_PER_CALL)
        text += encode(runCommand(state.database, commands[done++] ?? []));
      return { text, done };
    },
    snapshot({ state }, since: number): Snapshot {
      const { database } = state;
      const { changes } = database;
      return { text: changes === since ? null : snapshotOf(database), changes };
    },
  },
  info({ state }, message) {
    // Only timers of the store itself send it anything but calls.
    state.database.ring((message as Expired).key);
  },
  formatStatus: ({ database: { size, expiring, changes } }) => ({ keys: size, expiring, changes }),
});

/** One timer for each key that expires; they end with the store. */
class Timers implements Alarms {
  readonly #timers = new Map<string, Ref>();
  readonly #store: Pid<Expired>;

  constructor(store: Pid<Expired>) {
    this.#store = store;
  }

  set(key: string, delayMs: number): void {
    this.clear(key);
    this.#timers.set(key, sendAfter(delayMs, this.#store, { type: "expired", key }));
  }

  clear(key: string): void {
    const timer = this.#timers.get(key);
    if (timer === undefined) return;
    cancelTimer(timer);
    this.#timers.delete(key);
  }

  clearAll(): void {
    for (const timer of this.#timers.values()) cancelTimer(timer);
    this.#timers.clear();
  }
}
