// nact 7: actors on the event loop.

import nact from "nact";
import { nowNs, report, reportKept, run } from "./report.mjs";

const { dispatch, query, spawn, start, stop } = nact;
const system = start();

await run({
  "spawn-keep": () =>
    reportKept(100_000, (n) => Array.from({ length: n }, (_, i) => spawn(system, (state) => state, `a${i}`))),
  "spawn-exit": () => {
    const startNs = nowNs();
    for (let i = 0; i < 100_000; i++) stop(spawn(system, (state) => state, `a${i}`));
    report(100_000, nowNs() - startNs);
  },
  "ping-pong": () => {
    const n = 200_000;
    let left = n;
    const startNs = nowNs();
    const ponger = spawn(system, (_state, message) => void dispatch(message.from, "pong"), "pong");
    const ping = (_state, _message, context) => {
      if (left-- === 0) report(n, nowNs() - startNs);
      else dispatch(ponger, { type: "ping", from: context.self });
    };
    dispatch(spawn(system, ping, "ping"), "start");
  },
  "ring 1000": () => {
    const hops = 200_000;
    let left = hops;
    const startNs = nowNs();
    const ring = [];
    for (let i = 0; i < 1_000; i++) {
      const forward = (_state, token) => {
        if (--left === 0) report(hops, nowNs() - startNs);
        else dispatch(ring[(i + 1) % 1_000], token);
      };
      ring.push(spawn(system, forward, `r${i}`));
    }
    dispatch(ring[0], "token");
  },
  "many-to-one": () => {
    let left = 1_000_000;
    const startNs = nowNs();
    const consume = () => {
      if (--left === 0) report(1_000_000, nowNs() - startNs);
    };
    const consumer = spawn(system, consume, "consumer");
    for (let sender = 0; sender < 100; sender++) {
      setImmediate(() => {
        for (let i = 0; i < 10_000; i++) dispatch(consumer, { type: "item", number: i });
      });
    }
  },
  "call 1": async () => {
    const increment = (count = 0, message) => {
      dispatch(message.sender, count);
      return count + 1;
    };
    const server = spawn(system, increment, "server");
    const startNs = nowNs();
    for (let i = 0; i < 100_000; i++) await query(server, (sender) => ({ sender }), 5_000);
    report(100_000, nowNs() - startNs);
  },
});
