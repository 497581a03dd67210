// nact 7: actors on the event loop.

import nact from "nact";
import { begin, nowNs, report, reportKept, run } from "./report.mjs";

const { dispatch, query, spawn, start, stop } = nact;
const system = start();

function pingPong() {
  const n = 200_000;
  let left = n + n / 10; // A tenth goes first, as in the programs of ours.
  let startNs = 0;
  const ponger = spawn(system, (_state, message) => void dispatch(message.from, "pong"), "pong");
  const ping = (_state, _message, context) => {
    if (left === n) startNs = begin();
    if (left-- === 0) report(n, nowNs() - startNs);
    else dispatch(ponger, { type: "ping", from: context.self });
  };
  dispatch(spawn(system, ping, "ping"), "start");
}

function ring() {
  const hops = 200_000;
  let left = hops + hops / 10; // as above
  let startNs = 0;
  const actors = [];
  for (let i = 0; i < 1_000; i++) {
    const forward = (_state, token) => {
      if (left === hops) startNs = begin();
      if (--left === 0) report(hops, nowNs() - startNs);
      else dispatch(actors[(i + 1) % 1_000], token);
    };
    actors.push(spawn(system, forward, `r${i}`));
  }
  dispatch(actors[0], "token");
}

function flood(each) {
  return new Promise((resolve) => {
    let left = 100 * each;
    const consume = () => {
      if (--left === 0) resolve();
    };
    const consumer = spawn(system, consume, `consumer${each}`);
    for (let sender = 0; sender < 100; sender++) {
      setImmediate(() => {
        for (let i = 0; i < each; i++) dispatch(consumer, { type: "item", number: i });
      });
    }
  });
}

await run({
  "spawn-keep": () =>
    reportKept(100_000, (n) => Array.from({ length: n }, (_, i) => spawn(system, (state) => state, `a${i}`))),
  "spawn-exit": () => {
    const go = (n) => {
      for (let i = 0; i < n; i++) stop(spawn(system, (state) => state, `a${i}`));
    };
    go(10_000);
    const startNs = begin();
    go(100_000);
    report(100_000, nowNs() - startNs);
  },
  "ping-pong": pingPong,
  "server-ping-pong": pingPong,
  "ring 1000": ring,
  "server-ring 1000": ring,
  "many-to-one": async () => {
    await flood(1_000);
    const startNs = begin();
    await flood(10_000);
    report(1_000_000, nowNs() - startNs);
  },
  "call 1": async () => {
    const increment = (count = 0, message) => {
      dispatch(message.sender, count);
      return count + 1;
    };
    const server = spawn(system, increment, "server");
    const go = async (n) => {
      for (let i = 0; i < n; i++) await query(server, (sender) => ({ sender }), 5_000);
    };
    await go(10_000);
    const startNs = begin();
    await go(100_000);
    report(100_000, nowNs() - startNs);
  },
});
