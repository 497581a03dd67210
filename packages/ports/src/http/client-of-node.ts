import type { Node, Self } from "@krarup/core";
import { startProcess } from "@krarup/core/internal";
import type { HttpClient } from "../outside/http-client.ts";
import { outside } from "../outside/outside.ts";
import type { Steps } from "../port/sequence.ts";

const clients = new WeakMap<Node, HttpClient>();

/** The client of `node` with its kept connections, which a process of the node holds: they end with that process, and so with the node. */
export function clientOf(node: Node): HttpClient {
  const known = clients.get(node);
  if (known !== undefined) return known;
  const client = outside("http").client();
  clients.set(node, client);
  const holder = startProcess(node, httpConnections, [], { daemon: true });
  node.resources.hold(holder, {
    holderEnded() {
      clients.delete(node);
      client.end();
    },
  });
  return client;
}

/** Does nothing: it can be seen, and ended. */
function* httpConnections(self: Self<unknown>): Steps<void> {
  for (;;) yield* self.receive();
}
