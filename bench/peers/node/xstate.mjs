// XState 5: actors made from transitions. They have no receive and no reply, and a send runs the receiver at once, before it returns.

import { createActor, fromTransition } from "xstate";
import { begin, nowNs, report, reportKept, run } from "./report.mjs";

const idle = fromTransition((state) => state, 0);

function actor(onEvent) {
  const made = createActor(
    fromTransition((state, event) => {
      onEvent(event);
      return state;
    }, 0),
  );
  made.start();
  return made;
}

function started() {
  const made = createActor(idle);
  made.start();
  return made;
}

// In pieces of a thousand, because each round trip nests in the one before.
function pingPong(n) {
  return new Promise((resolve) => {
    let left = n;
    const ponger = actor((event) => event.from.send({ type: "pong" }));
    const pinger = actor(() => {
      if (--left === 0) resolve();
      else ponger.send(ping);
    });
    const ping = { type: "ping", from: pinger };
    setImmediate(() => ponger.send(ping));
  });
}

async function timedPingPong() {
  for (let i = 0; i < 20; i++) await pingPong(1_000); // A tenth goes first, as in the programs of ours.
  const start = begin();
  for (let i = 0; i < 200; i++) await pingPong(1_000);
  report(200_000, nowNs() - start);
}

function flood(each) {
  return new Promise((resolve) => {
    let left = 100 * each;
    const consumer = actor(() => {
      if (--left === 0) resolve();
    });
    for (let sender = 0; sender < 100; sender++) {
      setImmediate(() => {
        for (let i = 0; i < each; i++) consumer.send({ type: "item", number: i });
      });
    }
  });
}

await run({
  "spawn-keep": () => reportKept(100_000, (n) => Array.from({ length: n }, started)),
  "spawn-exit": () => {
    for (let i = 0; i < 20_000; i++) started().stop();
    const start = begin();
    for (let i = 0; i < 200_000; i++) started().stop();
    report(200_000, nowNs() - start);
  },
  "ping-pong": timedPingPong,
  "server-ping-pong": timedPingPong,
  "many-to-one": async () => {
    await flood(1_000);
    const start = begin();
    await flood(10_000);
    report(1_000_000, nowNs() - start);
  },
});
