// Output of processes: messages to their group leader, as in Erlang.
//
// A process does not print; it asks its group leader to. The leader of last resort is the node's user process, which hands the text to
// the platform. Whoever sets another group leader receives the output of everything below as messages.

import type { Pid } from "../values/pid.ts";
import { currentNode, currentProcess } from "./current.ts";
import type { Node } from "./node.ts";
import type { Suspension } from "./operation.ts";
import { type Process, rareOf, recordOf, isLiving } from "./process.ts";
import { notAPid } from "./misuse.ts";
import type { Self } from "./self.ts";
import { send } from "./send.ts";
import { startProcess } from "./spawn.ts";

/** What a group leader is sent for each piece of output. */
export interface IoRequest {
  readonly type: "io_request";
  readonly text: string;
}

/**
 * Prints `text` and a line feed by way of this process's group leader.
 *
 * **Ordering.** Output of one process appears in order.
 * **Waiting.** Nobody waits.
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/io.html#put_chars/1 | io:put_chars/1}
 */
export function print(text: string): void {
  send(leaderOf(currentProcess(), currentNode()), { type: "io_request", text: `${text}\n` });
}

/**
 * Makes `leader` the group leader of `pid`. Processes spawned by `pid` from now on inherit it.
 *
 * @returns true
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` when `leader` has ended
 * @see {@link https://www.erlang.org/doc/apps/erts/erlang.html#group_leader/2 | erlang:group_leader/2}
 */
export function setGroupLeader(leader: Pid<IoRequest>, pid: Pid<never>): true {
  const record = recordOf(leader);
  if (!isLiving(record)) throw notAPid(leader);
  rareOf(recordOf(pid)).groupLeader = record;
  return true;
}

function leaderOf(process: Process | null, node: Node): Pid<IoRequest> {
  const leader = process?.rare?.groupLeader;
  return leader !== null && leader !== undefined && isLiving(leader) ? leader : userOf(node);
}

function userOf(node: Node): Process {
  if (node.user !== null && isLiving(node.user)) return node.user;
  const user = startProcess(node, printer, [], { daemon: true });
  // Nobody's child: it outlives whoever printed first.
  user.parent = null;
  node.user = user;
  if (node.names.whereis("user") === undefined) node.nameProcess("user", user);
  return user;
}

function* printer(self: Self<IoRequest>): Generator<Suspension, never, void> {
  const { node } = recordOf(self);
  for (;;) {
    const request = yield* self.receive({ type: "io_request" });
    node.platform.write("stdout", request.text);
  }
}
