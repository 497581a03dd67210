// A number goes round a ring of gen_servers, one less at each; their info handlers pass it on. One operation is a hop: one message, one
// handler.

import { genServer, type Pid, type Self, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

const HOPS = 1_000_000;

type RelayPid = Pid<number>;

interface RelayState {
  readonly parent: Pid<"done">;
  readonly next?: RelayPid;
}

const Relay = genServer({
  init: (parent: Pid<"done">): RelayState => ({ parent }),
  cast: {
    connect(self, next: RelayPid) {
      self.state = { parent: self.state.parent, next };
    },
  },
  info(self, left) {
    const { parent, next } = self.state;
    if (left === 0 || next === undefined) send(parent, "done");
    else send(next, Number(left) - 1);
  },
});

spawn(function* (self: Self<"done">) {
  const relays = [];
  for (let i = size(1_000); i > 0; i--) relays.push(yield* Relay.start(self));
  const pids = relays as unknown as readonly RelayPid[]; // by their info handlers
  relays.forEach((relay, i) => Relay.cast(relay).connect(pids[(i + 1) % pids.length] as RelayPid)); // there are as many
  const first = pids[0] as RelayPid; // as above
  send(first, HOPS / 10);
  yield* self.receive();

  const clock = new Stopwatch();
  send(first, HOPS);
  yield* self.receive();
  clock.report(HOPS, clock.read());
});
