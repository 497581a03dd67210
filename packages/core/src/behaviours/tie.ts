// Links between two processes of which neither need be running: what `link` does for oneself.

import { addLink, hasLink, removeLink } from "../mechanisms/links.ts";
import { EVENT_BIT } from "../kernel/events.ts";
import type { Process } from "../kernel/process.ts";

/** Links two processes that live. @returns false when they were linked before, or are one */
export function tie(one: Process, other: Process): boolean {
  if (one === other || hasLink(one.links, other)) return false;
  one.links = addLink(one.links, other);
  other.links = addLink(other.links, one);
  tell("link", one, other);
  return true;
}

/** Removes the link between two processes, if there is one. */
export function untie(one: Process, other: Process): void {
  if (!hasLink(one.links, other)) return;
  one.links = removeLink(one.links, other);
  other.links = removeLink(other.links, one);
  tell("unlink", one, other);
}

function tell(type: "link" | "unlink", pid: Process, peer: Process): void {
  const { events } = pid.node;
  if ((events.wanted & EVENT_BIT[type]) !== 0) events.emit({ type, at: pid.node.now(), pid, peer });
}
