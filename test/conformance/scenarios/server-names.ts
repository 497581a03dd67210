// Theme names, second part: servers under names.

import {
  type AnyPid,
  call,
  cast,
  isAlive,
  type NameRegistry,
  send,
  type ServerModule,
  startServer,
  stop,
  type Via,
  whereis,
} from "@krarup/core";
import type { Lab, Scenarios } from "../stage/lab.ts";
import { callCaught, instrumentedServer, startResult, withoutPid } from "../stage/server.ts";

export const serverNames: Scenarios = {
  *name_server_already_started(lab) {
    const module = instrumentedServer(lab, "srv", {});
    const options = { name: "oracle_srv" };
    lab.log("s", "first", yield* startResult(startServer(module, null, options)));
    lab.log("s", "second", yield* startResult(startServer(module, null, options)));
    lab.log("s", "call", yield* call("oracle_srv", "ping"));
    yield* stop("oracle_srv");
    lab.log("s", "whereis", whereis("oracle_srv"));
    const third = yield* startServer(module, null, options);
    lab.log("s", "third", "ok");
    yield* lab.killSilently(third);
  },

  *name_via_protocol(lab) {
    const via = new LoggingRegistry(lab);
    const start = (name: Via, module: ServerModule<unknown>) => startResult(startServer(module, null, { name }));
    const module = instrumentedServer(lab, "srv", {});
    const key1: Via = { via, name: "key1" };
    lab.log("s", "start", withoutPid(yield* start(key1, module)));
    lab.log("s", "start", yield* start(key1, module));
    lab.log("s", "call", yield* call(key1, "ping"));
    cast(key1, "hello");
    yield* lab.settle();
    yield* stop(key1);
    lab.log("s", "stopped");
    const refusing = instrumentedServer(lab, "srv", { init: () => ["stop", "no"] });
    lab.log("s", "start", yield* start({ via, name: "key2" }, refusing));
    const missing: Via = { via, name: "key3" };
    lab.log("s", "call", ...(yield* callCaught(lab.script, missing, "ping")));
  },
};

/** A registry of one's own that logs every call made to it. */
class LoggingRegistry implements NameRegistry {
  readonly #lab: Lab;
  readonly #holders = new Map<unknown, AnyPid>();

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  registerName(name: unknown, pid: AnyPid): boolean {
    const isFree = this.#holderOf(name) === undefined;
    if (isFree) this.#holders.set(name, pid);
    this.#lab.log("via", "register", name, isFree ? "yes" : "no");
    return isFree;
  }

  unregisterName(name: unknown): void {
    this.#holders.delete(name);
    this.#lab.log("via", "unregister", name);
  }

  whereisName(name: unknown): AnyPid | undefined {
    const holder = this.#holderOf(name);
    this.#lab.log("via", "whereis", name, holder === undefined ? "undefined" : "found");
    return holder;
  }

  send(name: unknown, message: unknown): void {
    this.#lab.log("via", "send", name);
    const holder = this.#holderOf(name);
    // What the holder of a name understands is the sender's claim.
    if (holder !== undefined) send<never>(holder, message as never);
  }

  #holderOf(name: unknown): AnyPid | undefined {
    const holder = this.#holders.get(name);
    return holder !== undefined && isAlive(holder) ? holder : undefined;
  }
}
