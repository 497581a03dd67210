// Requests to one server, with monitor, time-out and reply: what gen_server:call does. The server is a plain generator.

import { call, type Pid, type Request, type Self, reply, send, spawn } from "@krarup/core";
import { size, Stopwatch } from "../workload.ts";

type Count = Request<"increment", number>;

function* server(self: Self<Count>) {
  for (let count = 0; ; count++) {
    const { from } = yield* self.receive({ type: "$gen_call" });
    reply(from, count);
  }
}

function* client(_self: Self, counter: Pid<Count>, calls: number, parent: Pid<"done">) {
  for (let i = 0; i < calls; i++) yield* call(counter, "increment");
  send(parent, "done");
}

spawn(function* (self: Self<"done">) {
  const clients = size(1);
  const calls = clients === 1 ? 500_000 : 10_000;
  const counter = spawn(server);
  spawn(client, counter, (clients * calls) / 10, self);
  yield* self.receive();

  const clock = new Stopwatch();
  for (let i = 0; i < clients; i++) spawn(client, counter, calls, self);
  for (let i = 0; i < clients; i++) yield* self.receive();
  clock.report(clients * calls, clock.read());
});
