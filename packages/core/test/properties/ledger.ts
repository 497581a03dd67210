// Books on what happens in a node, and the laws that must balance, whoever ends whenever:
//
//   a message is received once, by whom it was sent to; for the living: sent = received + waiting
//   a monitor gives one DOWN, with the reason of the end; a link to one that traps exits gives one EXIT
//   a process that has ended takes not one step more
//   when all have ended, nothing is left: no process, no name, no timer

import {
  type AnyPid,
  isAlive,
  type KernelEvent,
  type Node,
  processInfo,
  type Ref,
  waitingMessages,
} from "@krarup/core";

export interface Letter {
  readonly type: "letter";
  readonly kind: number;
  readonly id: number;
}

interface Watch {
  readonly watcher: AnyPid;
  readonly target: AnyPid;
  readonly ref: Ref;
  readonly wasDead: boolean;
  isOff: boolean;
}

export class Ledger {
  readonly #node: Node;
  readonly #letters: { readonly to: AnyPid; isReceived: boolean; isCancelled: boolean }[] = [];
  readonly #watches: Watch[] = [];
  readonly #links = new Map<AnyPid, Set<AnyPid>>();
  readonly #expectedExits: { readonly at: AnyPid; readonly from: AnyPid; readonly reason: unknown }[] = [];
  readonly #signals = new Map<AnyPid, unknown[]>();
  readonly ends = new Map<AnyPid, unknown>();
  readonly faults: string[] = [];

  constructor(node: Node) {
    this.#node = node;
    node.subscribe(["link", "unlink", "exit"], (event) => this.#note(event));
  }

  /** A user's code runs in `pid`. */
  step(pid: AnyPid): void {
    if (this.ends.has(pid)) this.faults.push(`${String(pid)} goes on after its end`);
  }

  /** A letter of its own, sent or to be sent to `to`. */
  letter(to: AnyPid): Letter {
    this.#letters.push({ to, isReceived: false, isCancelled: false });
    const id = this.#letters.length - 1;
    return { type: "letter", kind: id % 3, id };
  }

  cancelled({ id }: Letter): void {
    const entry = this.#letters[id];
    if (entry !== undefined) entry.isCancelled = true;
  }

  watch(watcher: AnyPid, target: AnyPid, ref: Ref, wasDead: boolean): void {
    if (watcher !== target) this.#watches.push({ watcher, target, ref, wasDead, isOff: false });
  }

  unwatch(ref: Ref): void {
    for (const watch of this.#watches) if (watch.ref === ref) watch.isOff = true;
  }

  /** The last ref of `watcher` that is not taken back. */
  lastWatchOf(watcher: AnyPid): Ref | undefined {
    return this.#watches.findLast((watch) => watch.watcher === watcher && !watch.isOff)?.ref;
  }

  received(by: AnyPid, message: unknown): void {
    if (isLetter(message)) this.#receivedLetter(by, message);
    else this.#signals.set(by, [...(this.#signals.get(by) ?? []), message]);
  }

  #receivedLetter(by: AnyPid, { id }: Letter): void {
    const entry = this.#letters[id];
    if (entry?.to !== by) this.faults.push(`letter ${id} came to ${String(by)}`);
    else if (entry.isReceived) this.faults.push(`letter ${id} came twice`);
    else if (entry.isCancelled) this.faults.push(`letter ${id} was cancelled and came`);
    else entry.isReceived = true;
  }

  #note(event: KernelEvent): void {
    if (event.type === "link")
      for (const [a, b] of [
        [event.pid, event.peer],
        [event.peer, event.pid],
      ] as const)
        this.#linksOf(a).add(b);
    else if (event.type === "unlink")
      for (const [a, b] of [
        [event.pid, event.peer],
        [event.peer, event.pid],
      ] as const)
        this.#linksOf(a).delete(b);
    else if (event.type === "exit") this.#end(event.pid, event.reason);
  }

  #linksOf(pid: AnyPid): Set<AnyPid> {
    const links = this.#links.get(pid) ?? new Set();
    this.#links.set(pid, links);
    return links;
  }

  #end(pid: AnyPid, reason: unknown): void {
    if (this.ends.has(pid)) this.faults.push(`${String(pid)} ended twice`);
    this.ends.set(pid, reason);
    for (const peer of this.#linksOf(pid)) {
      this.#linksOf(peer).delete(pid);
      if (processInfo(peer)?.trapExit === true) this.#expectedExits.push({ at: peer, from: pid, reason });
      else if (reason !== "normal") this.#mustEnd.push({ peer, because: pid });
    }
  }

  readonly #mustEnd: { readonly peer: AnyPid; readonly because: AnyPid }[] = [];

  /** Looks at a node in which nothing moves any more. */
  audit(): void {
    for (const { peer, because } of this.#mustEnd)
      if (isAlive(peer)) this.faults.push(`${String(peer)} survived the end of ${String(because)}`);
    this.auditTables();
    this.#auditLetters();
    for (const watch of this.#watches) this.#auditWatch(watch);
    for (const { at, from, reason } of this.#expectedExits) this.#auditExit(at, from, reason);
    for (const pid of this.#node.whyAlive()) this.#auditLinks(pid);
  }

  #auditLetters(): void {
    const waiting = new Set(
      this.#node.whyAlive().flatMap((pid) => (waitingMessages(pid) ?? []).filter(isLetter).map(({ id }) => id)),
    );
    this.#letters.forEach(({ to, isReceived, isCancelled }, id) => {
      if (waiting.has(id) && (isReceived || isCancelled))
        this.faults.push(`letter ${id} waits and was received or cancelled`);
      if (isAlive(to) && !isReceived && !isCancelled && !waiting.has(id))
        this.faults.push(`letter ${id} to ${String(to)} was lost`);
    });
  }

  #signalsAt(pid: AnyPid): readonly unknown[] {
    return [...(this.#signals.get(pid) ?? []), ...(waitingMessages(pid) ?? [])];
  }

  #auditWatch({ watcher, target, ref, wasDead, isOff }: Watch): void {
    const downs = this.#signalsAt(watcher).filter(
      (message) => isSignal(message, "DOWN") && "ref" in message && message.ref === ref,
    );
    const due = this.ends.has(target) ? 1 : 0;
    if (downs.length > due || (isAlive(watcher) && !isOff && downs.length < due))
      this.faults.push(`${downs.length} DOWN for ${String(ref)} of ${String(watcher)}, ${due} due`);
    const reason = wasDead ? "noproc" : this.ends.get(target);
    for (const down of downs)
      if (!("reason" in Object(down)) || (down as { reason: unknown }).reason !== reason)
        this.faults.push(`a DOWN for ${String(ref)} with a wrong reason`); // checked before
  }

  #auditExit(at: AnyPid, from: AnyPid, reason: unknown): void {
    if (!isAlive(at)) return;
    const exits = this.#signalsAt(at).filter(
      (message) =>
        isSignal(message, "EXIT") &&
        "pid" in message &&
        message.pid === from &&
        "reason" in message &&
        message.reason === reason,
    );
    if (exits.length === 0) this.faults.push(`no EXIT of ${String(from)} at ${String(at)}`);
  }

  #auditLinks(pid: AnyPid): void {
    const links = processInfo(pid)?.links ?? [];
    for (const peer of links) {
      if (!isAlive(peer)) this.faults.push(`${String(pid)} is linked to ${String(peer)}, which has ended`);
      else if (!processInfo(peer)?.links.includes(pid))
        this.faults.push(`${String(peer)} knows nothing of its link to ${String(pid)}`);
    }
  }

  /** Looks whether the node's tables hold what belongs to the living, and nothing else. Holds at every moment. */
  auditTables(): void {
    const living = [...this.#node.table].map((pid) => processInfo(pid));
    const [timers, names] = [
      living.reduce((sum, info) => sum + (info?.timers ?? 0), 0),
      living.filter((info) => info?.registeredName !== undefined).length,
    ];
    if (timers !== this.#node.timers.size)
      this.faults.push(`${this.#node.timers.size} timers, ${timers} of them for the living`);
    if (names !== this.#node.names.names().length)
      this.faults.push(`names of the dead: ${this.#node.names.names().join()}`);
    for (const info of living)
      for (const target of info?.monitors ?? [])
        if (!isAlive(target)) this.faults.push(`a monitor on ${String(target)}, which has ended`);
    for (const info of living)
      for (const watcher of info?.monitoredBy ?? [])
        if (!isAlive(watcher)) this.faults.push(`a monitor of ${String(watcher)}, which has ended`);
  }

  /** Looks at a node in which everybody has ended. */
  auditEmpty(): void {
    const { processCount, names, timers } = this.#node;
    if (processCount > 0) this.faults.push(`${processCount} processes are left`);
    if (names.names().length > 0) this.faults.push(`names are left: ${names.names().join()}`);
    if (timers.size > 0) this.faults.push(`${timers.size} timers are left`);
  }
}

function isLetter(message: unknown): message is Letter {
  return isSignal(message, "letter");
}

function isSignal(message: unknown, type: string): message is object {
  return typeof message === "object" && message !== null && "type" in message && message.type === type;
}
