// The process that writes snapshots: from time to time, when a client asks for it, and at an orderly end. It stands after the store in the
// tree, so it ends before it; and a store that has failed is not there to be asked, so nothing is written over the last good snapshot.

import {
  type Exit,
  ExitException,
  genServer,
  logger,
  self as runningProcess,
  sendInterval,
  type ServerSelf,
  type Suspension,
} from "@krarup/core";
import { writeSnapshot } from "./snapshot-file.ts";
import { STORE, Store } from "./store.ts";

export interface SnapshotOptions {
  readonly path: string;
  /** Milliseconds between two looks whether something has changed. */
  readonly everyMs: number;
}

/** Under which name the writer of snapshots is registered. */
export const SNAPSHOTS = "kv_snapshots";

interface State {
  readonly path: string;
  /** The store's counter of changes as the file shows it. */
  readonly written: number;
}

type Steps<T> = Generator<Suspension, T, void>;

/** Writes snapshots of the store. */
export const Snapshots = genServer({
  name: SNAPSHOTS,
  register: true,
  init({ path, everyMs }: SnapshotOptions): State {
    const process = runningProcess<Exit | "tick">();
    process.trapExit(); // so that terminate is called
    sendInterval(everyMs, process, "tick");
    return { path, written: 0 };
  },
  call: {
    /** @returns null, or what went wrong */
    save: (self): Steps<string | null> => save(self),
  },
  *info(self) {
    report(yield* save(self));
  },
  *terminate(self) {
    report(yield* save(self));
  },
});

function* save(self: ServerSelf<State>): Steps<string | null> {
  const { path, written } = self.state;
  const snapshot = yield* snapshotSince(written);
  if (typeof snapshot === "string") return snapshot;
  if (snapshot.text === null) return null;
  const problem = yield* writeSnapshot(path, snapshot.text);
  if (problem === null) self.state = { path, written: snapshot.changes };
  return problem;
}

/** A store that has ended is somebody else's concern: whoever restarts it restarts this process as well. */
function* snapshotSince(changes: number): Steps<{ readonly text: string | null; readonly changes: number } | string> {
  try {
    return yield* Store.call(STORE, { timeoutMs: "infinity" }).snapshot(changes);
  } catch (thrown) {
    if (thrown instanceof ExitException) return "the store has ended";
    throw thrown;
  }
}

function report(problem: string | null): void {
  if (problem !== null) logger.error("Cannot write a snapshot", { problem });
}
