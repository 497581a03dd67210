// Theme elixir: agents.

import { Agent, type AgentPid, exit, self } from "@krarup/core";
import { caught } from "../stage/exceptions.ts";
import { drain, type Scenarios } from "../stage/lab.ts";
import type { Action, Step } from "../stage/step.ts";
import { exitReasonIn } from "../stage/system-messages.ts";

export const agents: Scenarios = {
  *ex_agent(lab) {
    const c = yield* lab.puppet({ trapsExits: true });
    const agent = yield* c.does(startAtOne);
    const get = getFrom(agent);
    const log = function* (step: string, action: Action<unknown>): Step<void> {
      lab.log("c", step, yield* c.does(action));
    };
    yield* log("get", get);
    yield* log("update", () => Agent.update(agent, (n) => n + 1));
    yield* log("get_and_update", () => Agent.getAndUpdate(agent, (n) => [n, n * 2]));
    yield* log("get", get);
    yield* log("cast", () => {
      Agent.cast(agent, () => 10);
      return "ok";
    });
    yield* log("get", get);
    yield* log("crash", (own) => caught(own, () => Agent.get(agent, () => exit("bad"))));
    yield* lab.settle();
    lab.log("c", "mail", (yield* c.does(drain)).map(exitReasonIn));
    yield* log("gone", (own) => caught(own, get));
    const second = yield* c.does(startAtOne);
    yield* log("timeout", (own) => caught(own, () => Agent.get(second, slowly, { timeoutMs: 40 })));
    yield* lab.sleep(500);
    lab.log("c", "mail", yield* c.does(drain));
    yield* log("after", getFrom(second));
    yield* log("stop", () => Agent.stop(second));
    yield* lab.killSilently(c);
  },
};

function* startAtOne(): Step<AgentPid<number>> {
  return yield* Agent.startLink(() => 1);
}

function getFrom(agent: AgentPid<number>): Action<unknown> {
  return () => Agent.get(agent, (n) => n);
}

function* slowly(n: number): Step<number> {
  yield* self().sleep(300);
  return n;
}
