// Plain async functions, each with a mailbox that makes a promise per wait: no scheduler, no pids, no isolation. The naive lower bar.

import { begin, nowNs, report, reportKept, run } from "./report.mjs";

class Mailbox {
  #messages = [];
  #next = 0;
  #waiter = null;

  send(message) {
    if (this.#waiter === null) {
      this.#messages.push(message);
      return;
    }
    const wake = this.#waiter;
    this.#waiter = null;
    wake(message);
  }

  receive() {
    if (this.#next === this.#messages.length) return new Promise((resolve) => (this.#waiter = resolve));
    const message = this.#messages[this.#next++];
    if (this.#next === this.#messages.length) {
      this.#messages = [];
      this.#next = 0;
    }
    return Promise.resolve(message);
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function forward(from, to) {
  for (;;) to.send(await from.receive());
}

async function pingPong(n) {
  const pings = new Mailbox();
  const pongs = new Mailbox();
  void forward(pings, pongs);
  for (let i = 0; i < n; i++) {
    pings.send(i);
    await pongs.receive();
  }
}

/** A tenth of the operations goes first, as in the programs of ours. */
const timed = (n, go) => async () => {
  await go(n / 10);
  const start = begin();
  await go(n);
  report(n, nowNs() - start);
};

async function ring(size, hops) {
  const first = new Mailbox();
  let last = first;
  for (let i = 1; i < size; i++) {
    const next = new Mailbox();
    void forward(last, next);
    last = next;
  }
  await turn();
  const go = async (rounds) => {
    for (let i = 0; i < rounds; i++) {
      first.send(i);
      await last.receive();
    }
  };
  await go(hops / size / 10);
  const start = begin();
  await go(hops / size);
  report(hops, nowNs() - start);
}

async function manyToOne(senders, each) {
  const box = new Mailbox();
  for (let sender = 0; sender < senders; sender++) {
    queueMicrotask(() => {
      for (let i = 0; i < each; i++) box.send({ type: "item", number: i });
    });
  }
  for (let i = 0; i < senders * each; i++) await box.receive();
}

async function calls(clients, each) {
  const requests = new Mailbox();
  const serve = async () => {
    for (let count = 0; ; count++) (await requests.receive())(count);
  };
  const client = async () => {
    for (let i = 0; i < each; i++) await new Promise((resolve) => requests.send(resolve));
  };
  void serve();
  await Promise.all(Array.from({ length: clients }, client));
}

async function skynetNode(parent, first, leaves) {
  if (leaves === 1) {
    parent.send(first);
    return;
  }
  const box = new Mailbox();
  const each = leaves / 10;
  for (let i = 0; i < 10; i++) queueMicrotask(() => void skynetNode(box, first + i * each, each));
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += await box.receive();
  parent.send(sum);
}

async function skynet(leaves) {
  const root = new Mailbox();
  void skynetNode(root, 0, leaves);
  await root.receive();
}

async function spawnExit(n) {
  let last;
  for (let i = 0; i < n; i++)
    last = (async () => {
      await Promise.resolve();
    })();
  await last;
}

function timerCancel(n) {
  const start = begin();
  const timers = [];
  for (let i = 0; i < n; i++) timers.push(setTimeout(() => {}, 60_000 + Math.floor(Math.random() * 60_000)));
  const set = nowNs();
  timers.forEach((timer, i) => {
    if (i % 10 !== 0) clearTimeout(timer);
  });
  const end = nowNs();
  report(n, end - start, {
    setNs: Math.round((set - start) / n),
    cancelNs: Math.round((end - set) / (n * 0.9)),
  });
}

function timerDue(n) {
  const at = begin() / 1e6 + 1_500;
  let left = n;
  for (let i = 0; i < n; i++) {
    setTimeout(() => {
      if (--left === 0) report(n, (performance.now() - at) * 1e6);
    }, at - performance.now());
  }
}

await run({
  "spawn-keep": () =>
    reportKept(1_000_000, (n) =>
      Array.from({ length: n }, () => {
        const box = new Mailbox();
        void (async () => {
          await box.receive();
        })();
        return box;
      }),
    ),
  "spawn-exit": timed(1_000_000, spawnExit),
  "ping-pong": timed(1_000_000, pingPong),
  "server-ping-pong": timed(1_000_000, pingPong),
  "ring 1000": () => ring(1_000, 1_000_000),
  "ring 100000": () => ring(100_000, 1_000_000),
  "server-ring 1000": () => ring(1_000, 1_000_000),
  "many-to-one": timed(1_000_000, (n) => manyToOne(100, n / 100)),
  "call 1": timed(500_000, (n) => calls(1, n)),
  "call 100": timed(1_000_000, (n) => calls(100, n / 100)),
  "timer-cancel": () => timerCancel(1_000_000),
  "timer-due": () => timerDue(200_000),
  skynet: async () => {
    await skynet(100_000);
    const start = begin();
    await skynet(1_000_000);
    report(1_111_111, nowNs() - start);
  },
});
