// Theme genserver, third part: several nodes, of which there is one.

import { abcast, multiCall, type MultiCallOptions, startServer } from "@krarup/core";
import { type Lab, type Scenarios } from "../stage/lab.ts";
import { instrumentedServer } from "../stage/server.ts";
import type { Step } from "../stage/step.ts";

export const multiCalls: Scenarios = {
  *gs_multi_call_and_abcast(lab) {
    const nodes = [lab.node.name];
    const module = instrumentedServer(lab, "srv", { logs: ["call", "cast"] });
    const server = yield* startServer(module, null, { name: "oracle_mc" });
    lab.log("s", "multi_call", yield* pairOf(lab, "oracle_mc", { nodes }));
    lab.log("s", "multi_call_missing", yield* pairOf(lab, "oracle_nobody", { nodes }));
    lab.log("s", "abcast", abcast("oracle_mc", "hello", nodes));
    yield* lab.settle();
    const quitter = instrumentedServer(lab, "srv", { logs: [], call: (_request, state) => ["stop", "why", state] });
    yield* startServer(quitter, null, { name: "oracle_mc2" });
    lab.log("s", "multi_call_crash", yield* pairOf(lab, "oracle_mc2", { nodes }));
    yield* lab.killSilently(server);
  },
};

/** What `gen_server:multi_call` returns: a pair of lists. */
function* pairOf(lab: Lab, name: string, options: MultiCallOptions): Step<unknown> {
  const { replies, badNodes } = yield* multiCall(name, "q", options);
  yield* lab.settle();
  return [replies.map(({ node, reply }) => [node, reply]), badNodes];
}
