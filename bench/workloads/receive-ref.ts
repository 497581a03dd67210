// A request by hand, with a fresh ref, while 10,000 other messages wait in the mailbox. They must cost nothing.

import { makeRef, type Pid, type Ref, type Self, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

const WAITING = 10_000;

interface Ask {
  readonly from: Pid<Answer>;
  readonly ref: Ref;
}
interface Answer {
  readonly type: "answer";
  readonly ref: Ref;
}
interface Junk {
  readonly type: "junk";
  readonly number: number;
}

function* echo(self: Self<Ask>) {
  for (;;) {
    const { from, ref } = yield* self.receive();
    send(from, { type: "answer", ref });
  }
}

function* ask(self: Self<Answer | Junk>, server: Pid<Ask>, n: number) {
  for (let i = 0; i < n; i++) {
    const ref = makeRef();
    send(server, { from: self, ref });
    yield* self.receive({ type: "answer", ref });
  }
}

spawn(function* (self: Self<Answer | Junk>) {
  const n = size(200_000);
  const server = spawn(echo);
  for (let i = 0; i < WAITING; i++) send(self, { type: "junk", number: i });
  yield* ask(self, server, n / 10);
  const clock = new Stopwatch();
  yield* ask(self, server, n);
  clock.report(n, clock.read());
});
