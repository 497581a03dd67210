// Theme apps: their order, and their configuration.

import {
  type Application,
  application,
  ensureAllStarted,
  getAllEnv,
  getEnv,
  loadApplication,
  setEnv,
  startApplication,
  stopApplication,
  unloadApplication,
  unsetEnv,
  whichApplications,
} from "@krarup/supervisor";
import { Family } from "../stage/family.ts";
import type { Lab, Scenarios } from "../stage/lab.ts";
import { startResult, withoutPid } from "../stage/server.ts";
import type { Step } from "../stage/step.ts";

export const applications: Scenarios = {
  *app_start_order(lab) {
    const family = new Family(lab);
    const a = instrumented(lab, family, "oapp_a", []);
    const b = instrumented(lab, family, "oapp_b", [a]);
    const c = instrumented(lab, family, "oapp_c", [b]);
    for (const app of [a, b, c]) loadApplication(app);
    lab.log("s", "start_c", withoutPid(yield* startResult(startApplication(c))));
    lab.log("s", "ensure_all", yield* startResult(ensureAllStarted(c)));
    lab.log("s", "again", yield* startResult(ensureAllStarted(c)));
    lab.log("s", "start_a", withoutPid(yield* startResult(startApplication(a))));
    yield* logStop(lab, "stop_a", a);
    lab.log("s", "running", [isRunning(a), isRunning(b)]);
    yield* logStop(lab, "stop_c", c);
    yield* logStop(lab, "stop_b", b);
    yield* logStop(lab, "stop_b_again", b);
  },

  *app_env(lab) {
    const app = application({ name: "oapp_e", env: { a: 1, b: 2 }, start: () => ({}) });
    const read = (key: "a" | "b"): unknown => found(getEnv(app, key));
    loadApplication(app);
    lab.log("s", "get", [read("a"), getEnv("oapp_e", "missing"), getEnv("oapp_e", "missing", "d")]);
    setEnv(app, "a", 5);
    lab.log("s", "get_a", read("a"));
    unsetEnv(app, "a");
    lab.log("s", "get_a", read("a"));
    lab.log(
      "s",
      "all",
      Object.entries(getAllEnv(app)).toSorted(([one], [other]) => one.localeCompare(other)),
    );
    unloadApplication(app);
    lab.log("s", "after_unload", read("b"));
  },
};

function instrumented(lab: Lab, family: Family, name: string, needed: readonly Application[]): Application {
  return application<object>({
    name,
    applications: needed,
    start(_args, { type }) {
      lab.log(name, "start", type);
      return { children: [family.child(`${name}_worker`)] };
    },
    prepStop: () => lab.log(name, "prep_stop"),
    stop: () => lab.log(name, "stop"),
  });
}

function* logStop(lab: Lab, step: string, app: Application): Step<void> {
  const answer = yield* stopApplication(app);
  yield* lab.settle();
  lab.log("s", step, answer === "ok" ? "ok" : ["error", [answer, app.name]]);
}

function isRunning({ name }: Application): boolean {
  return whichApplications().some((running) => running.name === name);
}

/** OTP says `{ok, Value}` of what there is. */
function found(value: unknown): unknown {
  return value === undefined ? undefined : ["ok", value];
}
