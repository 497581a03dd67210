// Two gen_servers cast to each other. One operation is a round trip: two casts, two handlers.

import { genServer, type Pid, type Self, send, type ServerMessage, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

/** Written out, as each of the two servers knows the other. */
interface PingerCasts {
  serve(self: never, own: PingerPid, rounds: number): void;
  pong(self: never, own: PingerPid): void;
}

type PingerPid = Pid<ServerMessage<{}, PingerCasts>>;

const Ponger = genServer({
  init: () => ({}),
  cast: {
    ping(_self: unknown, from: PingerPid): void {
      Pinger.cast(from).pong(from);
    },
  },
});

type PongerPid = Parameters<typeof Ponger.cast>[0];

const Pinger = genServer({
  init: (ponger: PongerPid, parent: Pid<"done">) => ({ ponger, parent, left: 0 }),
  cast: {
    serve(self, own: PingerPid, rounds: number) {
      self.state = { ...self.state, left: rounds };
      Ponger.cast(self.state.ponger).ping(own);
    },
    pong(self, own: PingerPid) {
      const { ponger, parent, left } = self.state;
      self.state = { ponger, parent, left: left - 1 };
      if (left === 1) send(parent, "done");
      else Ponger.cast(ponger).ping(own);
    },
  },
});

spawn(function* (self: Self<"done">) {
  const n = size(1_000_000);
  const pinger = yield* Pinger.start(yield* Ponger.start(), self);
  Pinger.cast(pinger).serve(pinger, n / 10);
  yield* self.receive();

  const clock = new Stopwatch();
  Pinger.cast(pinger).serve(pinger, n);
  yield* self.receive();
  clock.report(n, clock.read());
});
