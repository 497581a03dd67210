// Two gen_servers send one message to and fro, which their info handlers take. One operation is a round trip: two messages, two handlers,
// and no generator in either.

import { genServer, type Pid, type Self, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

interface Ping {
  readonly type: "ping";
  readonly from: Pid<"pong">;
}

interface Serve {
  readonly type: "serve";
  readonly rounds: number;
}

const Ponger = genServer({
  init: () => ({}),
  info(_self, message) {
    const { from } = message as Ping; // the only message that anybody sends to it
    send(from, "pong");
  },
});

const Pinger = genServer({
  init: (ponger: Pid<Ping>, parent: Pid<"done">) => ({ ponger, parent, left: 0 }),
  info(self, message) {
    const { ponger, parent, left } = self.state;
    const rest = message === "pong" ? left - 1 : (message as Serve).rounds; // it gets these two
    self.state = { ponger, parent, left: rest };
    if (rest === 0) send(parent, "done");
    else send(ponger, { type: "ping", from: self.pid as Pid<"pong"> }); // see above
  },
});

spawn(function* (self: Self<"done">) {
  const n = size(1_000_000);
  const ponger = (yield* Ponger.start()) as unknown as Pid<Ping>; // by its info handler
  const pinger = (yield* Pinger.start(ponger, self)) as unknown as Pid<Serve>; // as above
  send(pinger, { type: "serve", rounds: n / 10 });
  yield* self.receive();

  const clock = new Stopwatch();
  send(pinger, { type: "serve", rounds: n });
  yield* self.receive();
  clock.report(n, clock.read());
});
