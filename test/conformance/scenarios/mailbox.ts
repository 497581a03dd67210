// Theme mailbox, first part: which message a receive takes, and which ones a mailbox gets.

import { type Priority, register, send, spawnOpt, monitor, TIMEOUT } from "@krarup/core";
import { caught } from "../stage/exceptions.ts";
import { drain, type Scenarios } from "../stage/lab.ts";
import type { AnySelf, Step } from "../stage/step.ts";

type Tagged = readonly [string, unknown];

export const mailbox: Scenarios = {
  *mail_selective_order(lab) {
    const a = yield* lab.puppet();
    for (const pair of [
      ["a", 1],
      ["b", 1],
      ["a", 2],
      ["b", 2],
      ["c", 1],
    ])
      send(a.pid, pair);
    yield* lab.settle();
    yield* a.does(function* (self) {
      for (const tag of ["b", "b", "c"]) {
        lab.log("a", "took", yield* self.receive((message) => isTagged(message, tag)));
      }
      lab.log("a", "took", yield* self.receive());
      lab.log("a", "took", yield* self.receive());
      lab.log("a", "left", (yield* drain(self)).length);
    });
  },

  *mail_guard_selects(lab) {
    const a = yield* lab.puppet();
    for (const n of [1, 5, 2, 7]) send(a.pid, ["n", n]);
    yield* lab.settle();
    yield* a.does(function* (self) {
      lab.log("a", "took", yield* self.receive(isAboveFour));
      lab.log("a", "took", yield* self.receive(isAboveFour));
      const third = yield* self.receive(isAboveFour).after(0);
      lab.log("a", "took", third === TIMEOUT ? "none" : third);
      lab.log("a", "left", yield* drain(self));
    });
  },

  *mail_after_zero(lab) {
    const a = yield* lab.puppet();
    lab.log("a", 1, yield* a.does(poll));
    send(a.pid, "x");
    yield* lab.settle();
    lab.log("a", 2, yield* a.does((self) => pollFor(self, "y")));
    lab.log("a", 3, yield* a.does((self) => pollFor(self, "x")));
    for (const message of ["p", "q", "r"]) send(a.pid, message);
    yield* lab.settle();
    lab.log("a", 4, yield* a.does((self) => pollFor(self, "r")));
    for (const step of [5, 6, 7]) lab.log("a", step, yield* a.does(poll));
  },

  *mail_message_beats_timeout(lab) {
    const a = yield* lab.puppet();
    a.begins(function* (self) {
      const message = yield* self.receive("wanted").after(5000);
      lab.log("a", ...(message === TIMEOUT ? ["timeout"] : ["got", message]));
    });
    send(a.pid, "other");
    yield* lab.settle();
    send(a.pid, "wanted");
    yield* lab.outcome("a", a);
    yield* a.does(function* (self) {
      const message = yield* self.receive("wanted2").after(60);
      lab.log("a", ...(message === TIMEOUT ? ["timeout"] : ["got", message]));
    });
    send(a.pid, "wanted2");
    yield* lab.outcome("a", a);
    yield* lab.killSilently(a);
  },

  *mail_big_mailbox_selective(lab) {
    const a = yield* lab.puppet();
    for (let n = 1; n <= 20_000; n++) send(a.pid, ["noise", n]);
    send(a.pid, ["wanted", "x"]);
    yield* lab.settle();
    yield* a.does(function* (self) {
      const wanted = yield* self.receive((message) => isTagged(message, "wanted"));
      lab.log("a", "got", valueIn(wanted));
      const rest = yield* drain(self);
      const isInOrder = rest.every((message, index) => valueIn(message) === index + 1);
      lab.log("a", "rest", rest.length, isInOrder);
    });
  },

  *mail_send_to_missing_name(lab) {
    const d = yield* lab.endedProcess();
    const toName = yield* caught(lab.script, () => send("oracle_nobody", "hello"));
    lab.log("s", "name", ...toName);
    lab.log("s", "name_node", send({ name: "oracle_nobody", node: "nonode@nohost" }, "hello"));
    lab.log("s", "dead_pid", send(d, "hello"));
  },

  *mail_new_holder_gets_no_old_mail(lab) {
    const a = yield* lab.puppet();
    const b = yield* lab.puppet();
    yield* a.does(() => register("oracle_box", a.pid));
    for (const message of [1, 2, 3]) send("oracle_box", message);
    yield* lab.settle();
    yield* a.exits("boom");
    yield* b.does(() => register("oracle_box", b.pid));
    yield* lab.outcome("b", b);
    send("oracle_box", "hello");
    yield* lab.outcome("b", b);
    yield* lab.killSilently(b);
  },

  // The script cannot change its own priority, so it has a process of priority max do its part.
  *mail_priority_order(lab) {
    const creator = spawnOpt(
      () => {
        for (const [name, priority] of PRIORITIES) {
          spawnOpt(() => lab.log("p", name), [], { priority });
        }
      },
      [],
      { priority: "max" },
    );
    yield* lab.script.receive(monitor(creator));
    yield* lab.settle();
  },
};

const PRIORITIES: readonly (readonly [string, Priority])[] = [
  ["low", "low"],
  ["normal", "normal"],
  ["high", "high"],
  ["max", "max"],
  ["normal2", "normal"],
  ["high2", "high"],
];

function* poll(self: AnySelf): Step<unknown> {
  const message = yield* self.receive().after(0);
  return message === TIMEOUT ? "timeout" : message;
}

function* pollFor(self: AnySelf, wanted: string): Step<unknown> {
  const message = yield* self.receive(wanted).after(0);
  return message === TIMEOUT ? "timeout" : message;
}

function isTagged(message: unknown, tag: string): message is Tagged {
  return Array.isArray(message) && message[0] === tag;
}

function isAboveFour(message: unknown): boolean {
  return isTagged(message, "n") && Number(message[1]) > 4;
}

function valueIn(message: unknown): unknown {
  return Array.isArray(message) ? message[1] : undefined;
}
