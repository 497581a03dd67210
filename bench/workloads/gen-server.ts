// Requests to one gen_server, which counts them: by replacing its state, or, called with "draft", by changing a draft of it.

import { genServer, type Pid, type Self, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

const usesDraft = process.argv[3] === "draft";

const Counter = genServer({
  init: () => ({ count: 0 }),
  call: {
    increment: usesDraft
      ? (self) => self.draft.count++
      : (self) => {
          const { count } = self.state;
          self.state = { count: count + 1 };
          return count;
        },
  },
});

type CounterPid = Parameters<typeof Counter.call>[0];

function* client(_self: Self, counter: CounterPid, calls: number, parent: Pid<"done">) {
  for (let i = 0; i < calls; i++) yield* Counter.call(counter).increment();
  send(parent, "done");
}

spawn(function* (self: Self<"done">) {
  const clients = size(1);
  const calls = clients === 1 ? 500_000 : 10_000;
  const counter = yield* Counter.start();
  spawn(client, counter, (clients * calls) / 10, self);
  yield* self.receive();

  const clock = new Stopwatch();
  for (let i = 0; i < clients; i++) spawn(client, counter, calls, self);
  for (let i = 0; i < clients; i++) yield* self.receive();
  clock.report(clients * calls, clock.read());
});
