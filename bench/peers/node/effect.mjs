// Effect 4: fibers and unbounded queues. A fifth to a tenth of the others' operations, as each takes so long.

import { Deferred, Effect, Fiber, Queue } from "effect";
import { begin, nowNs, report, reportKept, run } from "./report.mjs";

const forward = (from, to) =>
  Effect.gen(function* () {
    for (;;) yield* Queue.offer(to, yield* Queue.take(from));
  });

/** A tenth of the operations goes first, as in the programs of ours. */
const timed = (n, make) => async () => {
  await Effect.runPromise(make(n / 10));
  const start = begin();
  await Effect.runPromise(make(n));
  report(n, nowNs() - start);
};

const keep = (n) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const fibers = [];
      const idle = Effect.gen(function* () {
        yield* Queue.take(yield* Queue.unbounded());
      });
      for (let i = 0; i < n; i++) fibers.push(yield* Effect.forkDetach(idle));
      yield* Effect.sleep(1);
      return fibers;
    }),
  );

const spawnExit = (n) =>
  Effect.gen(function* () {
    let last;
    for (let i = 0; i < n; i++) last = yield* Effect.forkChild(Effect.void);
    yield* Fiber.await(last);
  });

const pingPong = (n) =>
  Effect.gen(function* () {
    const pings = yield* Queue.unbounded();
    const pongs = yield* Queue.unbounded();
    yield* Effect.forkChild(forward(pings, pongs));
    for (let i = 0; i < n; i++) {
      yield* Queue.offer(pings, i);
      yield* Queue.take(pongs);
    }
  });

const ring = (size, hops) => () =>
  Effect.runPromise(
    Effect.gen(function* () {
      const first = yield* Queue.unbounded();
      let last = first;
      for (let i = 1; i < size; i++) {
        const next = yield* Queue.unbounded();
        yield* Effect.forkChild(forward(last, next));
        last = next;
      }
      yield* Effect.sleep(20);
      const go = Effect.fnUntraced(function* (rounds) {
        for (let i = 0; i < rounds; i++) {
          yield* Queue.offer(first, i);
          yield* Queue.take(last);
        }
      });
      yield* go(Math.ceil(hops / size / 10));
      const start = begin();
      yield* go(hops / size);
      report(hops, nowNs() - start);
    }),
  );

const manyToOne = (senders, each) =>
  Effect.gen(function* () {
    const box = yield* Queue.unbounded();
    const produce = Effect.gen(function* () {
      for (let i = 0; i < each; i++) yield* Queue.offer(box, { type: "item", number: i });
    });
    for (let i = 0; i < senders; i++) yield* Effect.forkChild(produce);
    for (let i = 0; i < senders * each; i++) yield* Queue.take(box);
  });

const calls = (clients, each) =>
  Effect.gen(function* () {
    const requests = yield* Queue.unbounded();
    const server = Effect.gen(function* () {
      for (let count = 0; ; count++) yield* Deferred.succeed(yield* Queue.take(requests), count);
    });
    const client = Effect.gen(function* () {
      for (let i = 0; i < each; i++) {
        const answer = Deferred.makeUnsafe();
        yield* Queue.offer(requests, answer);
        yield* Deferred.await(answer);
      }
    });
    yield* Effect.forkChild(server);
    const fibers = [];
    for (let i = 0; i < clients; i++) fibers.push(yield* Effect.forkChild(client));
    for (const fiber of fibers) yield* Fiber.join(fiber);
  });

const timerCancel = (n) =>
  Effect.gen(function* () {
    const fibers = [];
    for (let i = 0; i < n; i++)
      fibers.push(yield* Effect.forkChild(Effect.sleep(60_000 + Math.floor(Math.random() * 60_000))));
    yield* Effect.sleep(1);
    fibers.forEach((fiber, i) => {
      if (i % 10 !== 0) fiber.interruptUnsafe();
    });
    yield* Effect.sleep(1);
  });

const linksDown = (n) =>
  Effect.gen(function* () {
    const down = yield* Queue.unbounded();
    const fibers = [];
    for (let i = 0; i < n; i++) {
      const fiber = yield* Effect.forkChild(Effect.never);
      fiber.addObserver((exit) => Queue.offerUnsafe(down, exit));
      fibers.push(fiber);
    }
    yield* Effect.sleep(5);
    const start = begin();
    for (const fiber of fibers) fiber.interruptUnsafe();
    for (let i = 0; i < n; i++) yield* Queue.take(down);
    return nowNs() - start;
  });

const skynetNode = (parent, first, leaves) =>
  Effect.gen(function* () {
    if (leaves === 1) {
      yield* Queue.offer(parent, first);
      return;
    }
    const box = yield* Queue.unbounded();
    const each = leaves / 10;
    for (let i = 0; i < 10; i++) yield* Effect.forkChild(skynetNode(box, first + i * each, each));
    let sum = 0;
    for (let i = 0; i < 10; i++) sum += yield* Queue.take(box);
    yield* Queue.offer(parent, sum);
  });

const skynet = (leaves) =>
  Effect.gen(function* () {
    const root = yield* Queue.unbounded();
    yield* Effect.forkChild(skynetNode(root, 0, leaves));
    yield* Queue.take(root);
  });

// A child dies; an observer tells the fiber that starts it again.
const restartFull = (n) =>
  Effect.gen(function* () {
    const died = yield* Queue.unbounded();
    const up = yield* Queue.unbounded();
    const child = Effect.gen(function* () {
      const stop = Deferred.makeUnsafe();
      yield* Queue.offer(up, stop);
      yield* Deferred.await(stop);
      return yield* Effect.die("killed");
    });
    const start = (id) =>
      Effect.map(Effect.forkDetach(child), (fiber) => fiber.addObserver(() => Queue.offerUnsafe(died, id)));
    const supervisor = Effect.gen(function* () {
      for (let id = 0; id < 1_000; id++) yield* start(id);
      for (;;) yield* start(yield* Queue.take(died));
    });
    yield* Effect.forkChild(supervisor);
    for (let i = 0; i < n + 1_000; i++) yield* Deferred.succeed(yield* Queue.take(up), 1);
  });

await run({
  "spawn-keep": () => reportKept(100_000, keep),
  "spawn-exit": timed(200_000, spawnExit),
  "ping-pong": timed(200_000, pingPong),
  "server-ping-pong": timed(200_000, pingPong),
  "server-ring 1000": ring(1_000, 200_000),
  "ring 1000": ring(1_000, 200_000),
  "ring 100000": ring(100_000, 300_000),
  "many-to-one": timed(1_000_000, (n) => manyToOne(100, n / 100)),
  "call 1": timed(100_000, (n) => calls(1, n)),
  "call 100": timed(200_000, (n) => calls(100, n / 100)),
  "timer-cancel": timed(100_000, timerCancel),
  "links-down": async () => {
    await Effect.runPromise(linksDown(10_000));
    report(100_000, await Effect.runPromise(linksDown(100_000)));
  },
  skynet: async () => {
    await Effect.runPromise(skynet(10_000));
    const start = begin();
    await Effect.runPromise(skynet(100_000));
    report(111_111, nowNs() - start);
  },
  "restart full": timed(100_000, restartFull),
});
