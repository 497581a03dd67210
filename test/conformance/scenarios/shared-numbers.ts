// Theme storage: counters, atomics and persistent terms.

import { AtomicArray, Counters, monitor, persistentTerm, spawn } from "@krarup/core";
import { caught } from "../stage/exceptions.ts";
import { type Scenarios } from "../stage/lab.ts";

export const sharedNumbers: Scenarios = {
  *ctr_counters_and_persistent_terms(lab) {
    const counters = Counters.create(2);
    const lives = [1, 2, 3, 4].map(() => monitor(spawn(() => countThousand(counters))));
    for (const life of lives) yield* lab.script.receive(life);
    lab.log("s", "counters", [counters.get(0), counters.get(1)]);

    const word = AtomicArray.create(1);
    lab.log("s", "add_get", small(word.addGet(0, 5n)));
    lab.log("s", "cas_ok", small(word.compareExchange(0, 5n, 9n)));
    lab.log("s", "cas_fail", small(word.compareExchange(0, 5n, 1n)));
    lab.log("s", "exchange", small(word.exchange(0, 0n)));

    persistentTerm.put("oracle_k", "v");
    const p = yield* lab.puppet();
    lab.log("p", "get", yield* p.does(() => persistentTerm.get("oracle_k")));
    yield* lab.killSilently(p);
    lab.log("s", "erase", [persistentTerm.erase("oracle_k"), persistentTerm.erase("oracle_k")]);
    lab.log("s", "get_default", persistentTerm.get("oracle_k", "none"));
    lab.log("s", "get", yield* caught(lab.script, () => persistentTerm.get("oracle_k")));
  },
};

function countThousand(counters: Counters): void {
  for (let i = 0; i < 1000; i++) {
    counters.add(0, 1);
    counters.sub(1, 1);
  }
}

/** A bigint that is also a number, as Erlang knows one kind of integers only. */
function small(word: bigint | "ok"): number | "ok" {
  return typeof word === "bigint" ? Number(word) : word;
}
