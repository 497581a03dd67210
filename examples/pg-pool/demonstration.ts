// One process that tells the story: it starts a server, a pool and customers, strikes once a second, says what happens, and in the end
// compares the books with what the customers were told.

import { type AnyPid, type Exit, exit, print, type Self, sendInterval, spawnLink, type Suspension } from "@krarup/core";
import { seededRandom } from "@krarup/core/manual";
import { type ChildSpec, Supervisor } from "@krarup/supervisor";
import { audit, openBank } from "./bank.ts";
import { customer } from "./customer.ts";
import { OwnServer } from "./own-server.ts";
import { isPgError } from "./pg-error.ts";
import { Pool, POOL } from "./pool.ts";
import { endSession, killOne } from "./strikes.ts";
import { Tally, TALLY } from "./tally.ts";
import { poolSpec } from "./tree.ts";
import { bookLines, statusLine } from "./wording.ts";

type Steps<T> = Generator<Suspension, T, void>;

/** What is shown. */
export interface Plan {
  readonly connections: number;
  readonly customers: number;
  readonly seconds: number;
  /** The folder of the server's programs. */
  readonly programs: string;
}

/** Under which name the supervisor of everything is registered. */
export const ROOT = "pg_pool_demonstration";

/** Seconds for which the server is away, in the middle of everything. */
const AWAY_SECONDS = 2;

type Message = Exit | "tick";

/** The process. It is the first child of its supervisor, and starts its sisters. */
export function* demonstration(self: Self<Message>, plan: Plan): Steps<void> {
  self.trapExit(); // so that the server goes with it
  const server = yield* OwnServer.create(plan.programs);
  yield* server.start();
  const reason = yield* new Story(self, plan, server).tell();
  yield* server.remove();
  if (reason !== "normal") exit(reason);
}

class Story {
  readonly #self: Self<Message>;
  readonly #plan: Plan;
  readonly #server: OwnServer;
  readonly #random = seededRandom(1);

  constructor(self: Self<Message>, plan: Plan, server: OwnServer) {
    this.#self = self;
    this.#plan = plan;
    this.#server = server;
  }

  /** @returns the reason to end with */
  *tell(): Steps<unknown> {
    yield* this.#startSisters();
    sendInterval(1_000, this.#self, "tick");
    for (let second = 1; second <= this.#plan.seconds; second++) {
      const reason = yield* this.#tickOrEnd();
      if (reason !== null) return reason;
      const news = yield* this.#act(second);
      print(statusLine(second, yield* Pool.call(POOL).status(), yield* Tally.call(TALLY).interval()));
      if (news !== null) print(`       ✝ ${news}`);
    }
    return yield* this.#compare();
  }

  /** @returns null at the tick, or the reason to end with */
  *#tickOrEnd(): Steps<unknown> {
    for (;;) {
      const message = yield* this.#self.receive();
      if (message === "tick") return null;
      // The ports of programs that have come to their end are linked as well.
      if (message.reason !== "normal") return message.reason;
    }
  }

  *#startSisters(): Steps<void> {
    const { connections, customers } = this.#plan;
    const pool = poolSpec({ server: this.#server.address, size: connections });
    yield* this.#startSister({ id: "pool", type: "supervisor", start: () => Supervisor.startLink(pool) });
    const problem = yield* openBank();
    if (problem !== null) exit(["no_bank", problem]);
    yield* this.#startSister({ id: "tally", start: () => Tally.startLink() });
    const children = Array.from({ length: customers }, (_, i) => customerSpec(i + 1));
    const spec = { name: CUSTOMERS, intensity: 1_000, periodMs: 1_000, children };
    yield* this.#startSister({ id: CUSTOMERS, type: "supervisor", start: () => Supervisor.startLink(spec) });
  }

  *#startSister(spec: ChildSpec): Steps<void> {
    const started = yield* Supervisor.startChild(ROOT, spec);
    if (started.type !== "ok") exit(["failed_to_start", started]);
  }

  /** @returns what was done to whom */
  *#act(second: number): Steps<string | null> {
    const stopsAt = Math.ceil(this.#plan.seconds / 2);
    if (second === stopsAt) return (yield* this.#server.stop()) ?? "the server was stopped";
    if (second > stopsAt && second < stopsAt + AWAY_SECONDS) return null;
    if (second === stopsAt + AWAY_SECONDS) return (yield* this.#server.start()) ?? "the server was started";
    if (second % 3 === 0) return killOne(yield* pidsOfCustomers(), this.#random);
    return yield* endSession(second % 3 === 1 ? "busy" : "idle");
  }

  *#compare(): Steps<unknown> {
    yield* Supervisor.terminateChild(ROOT, CUSTOMERS);
    const books = yield* audit();
    const lines = isPgError(books) ? [books.message] : bookLines(books, yield* Tally.call(TALLY).compare(books.done));
    for (const line of lines) print(line);
    yield* Supervisor.terminateChild(ROOT, "pool");
    return "normal";
  }
}

const CUSTOMERS = "customers";

function customerSpec(number: number): ChildSpec {
  return { id: `customer ${number}`, start: () => spawnLink(customer, number) };
}

function* pidsOfCustomers(): Steps<AnyPid[]> {
  const children = yield* Supervisor.whichChildren(CUSTOMERS);
  return children.flatMap(({ pid }) => (typeof pid === "object" ? [pid] : []));
}
