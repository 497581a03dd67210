"""The workloads on gevent. Needs Python 3 with gevent (Debian: python3-gevent).

    taskset -c 1 /usr/bin/python3 bench.py ping-pong

Prints one line of JSON; exits with 3 for a workload it does not have. A greenlet and its queue stand for a process. Runs fewer
operations than the others: each takes twenty to a hundred times as long.
"""

import gc
import json
import os
import random
import sys
import time

import gevent
from gevent.event import AsyncResult
from gevent.queue import Queue

now = time.perf_counter


TICK = 0.01


class Watch:
    """How late a timer is, as any other code in the program feels it."""

    due = lag = 0.0

    def run(self):
        while True:
            self.due = now() + TICK
            gevent.sleep(TICK)
            self.look()

    def look(self):
        self.lag = max(self.lag, now() - self.due)


watch = Watch()


def begin():
    """The start of the measured stretch."""
    watch.due = now() + TICK
    gevent.spawn(watch.run)
    return now()


def report(n, seconds, **figures):
    watch.look()
    lag = round(watch.lag * 1e3, 2)
    print(json.dumps({"n": n, "ns": round(seconds * 1e9 / n, 2), **figures, "timerLagMs": lag}), flush=True)
    os._exit(0)


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def spawn_many(n, body, *args):
    greenlets = []
    for i in range(n):
        greenlets.append(gevent.spawn(body, *args))
        if i % 1_000 == 999:
            gevent.sleep(0)
    gevent.sleep(0)
    return greenlets


def spawn_keep(n):
    gc.collect()
    resident_before = resident()
    start = begin()
    kept = spawn_many(n, lambda: Queue().get())
    elapsed = now() - start
    report(len(kept), elapsed, residentBytes=(resident() - resident_before) // n)


def spawn_exit(n):
    start = begin()
    for i in range(n):
        gevent.spawn(lambda: None)
        if i % 1_000 == 999:
            gevent.sleep(0)
    report(n, now() - start)


def ping_pong(n):
    pings, pongs = Queue(), Queue()

    def pong():
        while True:
            pongs.put(pings.get())

    gevent.spawn(pong)
    start = begin()
    for i in range(n):
        pings.put(i)
        pongs.get()
    report(n, now() - start)


def ring(greenlets, hops):
    def forward(source, target):
        while True:
            target.put(source.get())

    first = last = Queue()
    for _ in range(greenlets - 1):
        following = Queue()
        gevent.spawn(forward, last, following)
        last = following
    gevent.sleep(0)
    start = begin()
    for i in range(hops // greenlets):
        first.put(i)
        last.get()
    report(hops, now() - start)


def many_to_one(senders, each):
    box = Queue()

    def produce():
        for i in range(each):
            box.put(i)

    start = begin()
    for _ in range(senders):
        gevent.spawn(produce)
    for _ in range(senders * each):
        box.get()
    report(senders * each, now() - start)


def calls(clients, each):
    requests = Queue()

    def serve():
        count = 0
        while True:
            requests.get().set(count)
            count += 1

    def client():
        for _ in range(each):
            answer = AsyncResult()
            requests.put(answer)
            answer.get()

    gevent.spawn(serve)
    start = begin()
    gevent.joinall([gevent.spawn(client) for _ in range(clients)])
    report(clients * each, now() - start)


def timer_cancel(n):
    loop = gevent.get_hub().loop
    start = begin()
    timers = []
    for _ in range(n):
        timer = loop.timer(60 + random.random() * 60)
        timer.start(lambda: None)
        timers.append(timer)
    set_seconds = now() - start
    for i, timer in enumerate(timers):
        if i % 10:
            timer.stop()
            timer.close()
    report(n, now() - start, setNs=round(set_seconds * 1e9 / n))


def links_down(n):
    down = Queue()
    children = [gevent.spawn(gevent.sleep, 1_000) for _ in range(n)]
    for child in children:
        child.link(down.put)
    gevent.sleep(0)
    start = begin()
    for child in children:
        child.kill(block=False)
    for _ in range(n):
        down.get()
    report(n, now() - start)


def skynet(leaves):
    def node(parent, first, size):
        if size == 1:
            parent.put(first)
            return
        box, each = Queue(), size // 10
        for i in range(10):
            gevent.spawn(node, box, first + i * each, each)
        parent.put(sum(box.get() for _ in range(10)))

    root = Queue()
    start = begin()
    gevent.spawn(node, root, 0, leaves)
    root.get()
    report((leaves * 10 - 1) // 9, now() - start)


WORKLOADS = {
    ("spawn-keep",): lambda: spawn_keep(100_000),
    ("spawn-exit",): lambda: spawn_exit(200_000),
    ("ping-pong",): lambda: ping_pong(20_000),
    ("ring", "1000"): lambda: ring(1_000, 200_000),
    ("ring", "100000"): lambda: ring(100_000, 300_000),
    ("server-ping-pong",): lambda: ping_pong(20_000),
    ("server-ring", "1000"): lambda: ring(1_000, 200_000),
    ("many-to-one",): lambda: many_to_one(100, 10_000),
    ("call", "1"): lambda: calls(1, 100_000),
    ("call", "100"): lambda: calls(100, 2_000),
    ("timer-cancel",): lambda: timer_cancel(200_000),
    ("links-down",): lambda: links_down(100_000),
    ("skynet",): lambda: skynet(100_000),
}

if __name__ == "__main__":
    WORKLOADS.get(tuple(sys.argv[1:]), lambda: sys.exit(3))()
