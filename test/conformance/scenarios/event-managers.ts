// Theme otpbase: event managers.

import { type EventModule, genEvent, isAlive, type Pid, send, stop } from "@krarup/core";
import { raiseError } from "../stage/exceptions.ts";
import type { Lab, Scenarios } from "../stage/lab.ts";

export const eventManagers: Scenarios = {
  *ev_notify_order(lab) {
    const Events = managerOf(lab, ["h1", "h2", "h3"]);
    const manager = yield* Events.start();
    for (const id of ["h1", "h2", "h3"]) yield* Events.addHandler(manager, id, null);
    lab.log("s", "which", yield* Events.whichHandlers(manager));
    Events.notify(manager, "e1");
    yield* lab.settle();
    yield* Events.syncNotify(manager, "e2");
    lab.log("s", "synced");
    send(manager as Pid<unknown>, "x"); // a manager takes any message
    yield* lab.settle();
    yield* lab.killSilently(manager);
  },

  *ev_crashing_handler_is_removed(lab) {
    const Events = managerOf(lab, ["good", "bad"]);
    const manager = yield* Events.start();
    yield* Events.addHandler(manager, "good", null);
    yield* Events.addHandler(manager, "bad", null);
    Events.notify(manager, "ok_event");
    for (const event of ["boom", "leave", "odd"]) {
      if (event !== "boom") yield* Events.addHandler(manager, "bad", null);
      Events.notify(manager, event);
      yield* lab.settle();
      lab.log("s", "left", yield* Events.whichHandlers(manager));
    }
    lab.log("s", "alive", isAlive(manager));
    yield* lab.killSilently(manager);
  },

  *ev_manager_stop_terminates_handlers(lab) {
    const Events = managerOf(lab, ["h1", "h2", "h3"]);
    const manager = yield* Events.start();
    yield* Events.addHandler(manager, "h1", null);
    yield* Events.addHandler(manager, "h2", null);
    lab.log("s", "stop", yield* stop(manager));
    const parent = yield* lab.puppet();
    const linked = yield* parent.does(function* () {
      return yield* Events.startLink();
    });
    yield* Events.addHandler(linked, "h3", null);
    yield* lab.exitOf(parent, "why");
    lab.log("s", "alive", isAlive(linked));
  },
};

/** A manager of handlers that log, and misbehave on certain events if they are called bad. */
function managerOf(lab: Lab, ids: readonly string[]) {
  return genEvent(Object.fromEntries(ids.map((id) => [id, instrumentedHandler(lab, id)])));
}

function instrumentedHandler(lab: Lab, id: string): EventModule<null, null> {
  const module = {
    init(): unknown {
      lab.log(id, "init");
      return ["ok", null];
    },
    handleEvent(event: unknown): unknown {
      lab.log(id, "event", event);
      return id === "bad" ? misbehave(event) : ["ok", null];
    },
    handleInfo(message: unknown): unknown {
      lab.log(id, "info", message);
      return ["ok", null];
    },
    terminate(arg: unknown): void {
      lab.log(id, "terminate", arg);
    },
  };
  // What the callbacks return is the scenario's business, nonsense included.
  return module as EventModule<null, null>;
}

function misbehave(event: unknown): unknown {
  switch (event) {
    case "boom":
      return raiseError("oops");
    case "leave":
      return "remove_handler";
    case "odd":
      return "garbage";
    default:
      return ["ok", null];
  }
}
