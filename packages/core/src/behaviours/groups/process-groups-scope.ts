// The groups of one scope: who is in which, how often, and who wants to know.

import { isolate } from "../../mechanisms/isolate.ts";
import { deliver } from "../../kernel/delivery.ts";
import { makeRef } from "../../kernel/identity.ts";
import { demonitor, monitor } from "../../kernel/monitor.ts";
import { type Process, recordOf } from "../../kernel/process.ts";
import type { AnyPid } from "../../values/pid.ts";
import type { Ref } from "../../values/ref.ts";
import { standInFor } from "../table/table-key.ts";

/** What a scope is asked. */
export type ScopeRequest =
  | { readonly do: "join" | "leave"; readonly group: unknown; readonly pids: readonly AnyPid[] }
  | { readonly do: "monitor"; readonly group: unknown; readonly subscriber: AnyPid }
  | { readonly do: "monitor_scope"; readonly subscriber: AnyPid }
  | { readonly do: "demonitor"; readonly ref: Ref };

interface Group {
  readonly name: unknown;
  /** Oldest first; one that joined twice is here twice. */
  readonly members: AnyPid[];
}

interface Member {
  readonly pid: AnyPid;
  /** The scope's monitor of it. */
  readonly ref: Ref;
  /** Places of its groups, one for each time it joined. */
  readonly places: unknown[];
}

interface Subscription {
  readonly ref: Ref;
  readonly subscriber: Process;
  /** The scope's monitor of the subscriber. */
  readonly life: Ref;
  /** The place of the group, or null for all. */
  readonly only: { readonly place: unknown } | null;
}

/** The state of one scope; its methods that change it run in the scope's process. */
export class GroupScope {
  readonly #groups = new Map<unknown, Group>();
  readonly #members = new Map<AnyPid, Member>();
  readonly #subscriptions = new Map<Ref, Subscription>();
  /** What ended, by the ref of its DOWN. */
  readonly #lives = new Map<Ref, Member | Subscription>();

  /** The members of `group`, oldest first. */
  membersOf(group: unknown): AnyPid[] {
    return [...(this.#groups.get(standInFor(isolate(group)))?.members ?? [])];
  }

  groups(): unknown[] {
    return [...this.#groups.values()].map(({ name }) => isolate(name));
  }

  /** Does what is asked. @returns the reply */
  serve(request: ScopeRequest): unknown {
    switch (request.do) {
      case "join":
        return this.#join(request.group, request.pids);
      case "leave":
        return this.#leave(request.group, request.pids);
      case "monitor":
        return this.#monitor(request.group, recordOf(request.subscriber));
      case "monitor_scope":
        return this.#monitorScope(recordOf(request.subscriber));
      case "demonitor":
        return this.#demonitor(request.ref);
    }
  }

  /** A member or a subscriber has ended. */
  ended(life: Ref): void {
    const gone = this.#lives.get(life);
    this.#lives.delete(life);
    if (gone === undefined) return;
    if ("subscriber" in gone) this.#subscriptions.delete(gone.ref);
    else {
      this.#members.delete(gone.pid);
      for (const place of gone.places) this.#takeOut(place, [gone.pid]);
    }
  }

  #join(name: unknown, pids: readonly AnyPid[]): "ok" {
    if (pids.length === 0) return "ok";
    const place = standInFor(name);
    const group = this.#groups.get(place) ?? { name, members: [] };
    this.#groups.set(place, group);
    group.members.push(...pids);
    for (const pid of pids) this.#memberFor(pid).places.push(place);
    this.#tell("join", place, name, pids);
    return "ok";
  }

  #leave(name: unknown, pids: readonly AnyPid[]): "ok" | "not_joined" {
    const place = standInFor(name);
    const left = pids.filter((pid) => this.#forgetOne(pid, place));
    if (left.length === 0) return "not_joined";
    this.#takeOut(place, left);
    return "ok";
  }

  #memberFor(pid: AnyPid): Member {
    const known = this.#members.get(pid);
    if (known !== undefined) return known;
    const member = { pid, ref: monitor(pid), places: [] };
    this.#members.set(pid, member);
    this.#lives.set(member.ref, member);
    return member;
  }

  /** Takes one membership back. @returns whether there was one */
  #forgetOne(pid: AnyPid, place: unknown): boolean {
    const member = this.#members.get(pid);
    const at = member?.places.indexOf(place) ?? -1;
    if (member === undefined || at < 0) return false;
    member.places.splice(at, 1);
    if (member.places.length > 0) return true;
    this.#members.delete(pid);
    this.#lives.delete(member.ref);
    demonitor(member.ref, { flush: true });
    return true;
  }

  #takeOut(place: unknown, pids: readonly AnyPid[]): void {
    const group = this.#groups.get(place);
    if (group === undefined) return;
    for (const pid of pids) group.members.splice(group.members.indexOf(pid), 1);
    if (group.members.length === 0) this.#groups.delete(place);
    this.#tell("leave", place, group.name, pids);
  }

  #monitor(group: unknown, subscriber: Process): readonly [Ref, AnyPid[]] {
    return [this.#subscribe(subscriber, { place: standInFor(group) }), this.membersOf(group)];
  }

  #monitorScope(subscriber: Process): readonly [Ref, Map<unknown, AnyPid[]>] {
    const members = new Map([...this.#groups.values()].map((group) => [group.name, group.members]));
    return [this.#subscribe(subscriber, null), members];
  }

  #subscribe(subscriber: Process, only: Subscription["only"]): Ref {
    const subscription = { ref: makeRef(), subscriber, life: monitor(subscriber), only };
    this.#subscriptions.set(subscription.ref, subscription);
    this.#lives.set(subscription.life, subscription);
    return subscription.ref;
  }

  #demonitor(ref: Ref): boolean {
    const subscription = this.#subscriptions.get(ref);
    if (subscription === undefined) return false;
    this.#subscriptions.delete(ref);
    this.#lives.delete(subscription.life);
    demonitor(subscription.life, { flush: true });
    return true;
  }

  #tell(type: "join" | "leave", place: unknown, group: unknown, pids: readonly AnyPid[]): void {
    for (const { ref, subscriber, only } of this.#subscriptions.values()) {
      // Through the ref, so that demonitor finds what is left of it.
      if (only === null || only.place === place) deliver(subscriber, isolate({ type, ref, group, pids }), ref);
    }
  }
}
