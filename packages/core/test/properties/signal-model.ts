// OTP's rules for links, monitors and exit signals, written down as simply as possible: names, arrays, one queue of ends.

export type Signal =
  | { readonly type: "EXIT"; readonly from: number; readonly reason: string }
  | { readonly type: "DOWN"; readonly monitor: number; readonly reason: string };

export type Command =
  | { readonly do: "link" | "unlink" | "monitor"; readonly actor: number; readonly target: number }
  | { readonly do: "demonitor"; readonly actor: number; readonly monitor: number; readonly flush: boolean }
  | { readonly do: "trap"; readonly actor: number; readonly on: boolean }
  | { readonly do: "leave"; readonly actor: number; readonly reason: string }
  | { readonly do: "exit"; readonly actor: number; readonly target: number; readonly reason: string };

interface ModelProcess {
  end: string | null;
  traps: boolean;
  links: number[];
  /** Signals it has received as messages. */
  readonly inbox: Signal[];
  /** Those that wait until it runs again. */
  readonly waiting: Signal[];
}

interface ModelMonitor {
  readonly watcher: number;
  readonly target: number;
  isActive: boolean;
}

export class SignalModel {
  readonly processes: readonly ModelProcess[];
  readonly monitors: ModelMonitor[] = [];
  readonly #ends: { readonly who: number; readonly reason: string }[] = [];

  constructor(count: number) {
    this.processes = Array.from({ length: count }, () => ({
      end: null,
      traps: false,
      links: [],
      inbox: [],
      waiting: [],
    }));
  }

  at(who: number): ModelProcess {
    const process = this.processes[who];
    if (process === undefined) throw new Error(`no process ${who}`);
    return process;
  }

  /** Does what the living process `command.actor` is told to. */
  play(command: Command): void {
    if (this.at(command.actor).end !== null) return;
    switch (command.do) {
      case "link":
        this.#link(command.actor, command.target);
        break;
      case "unlink":
        this.#unlink(command.actor, command.target);
        break;
      case "monitor":
        this.#monitor(command.actor, command.target);
        break;
      case "demonitor":
        this.#demonitor(command.actor, command.monitor);
        break;
      case "trap":
        this.at(command.actor).traps = command.on;
        break;
      case "leave":
        this.#end(command.actor, command.reason);
        break;
      case "exit":
        this.#signal(
          command.target,
          command.actor,
          command.reason,
          command.actor === command.target ? "self" : "explicit",
        );
    }
    this.#workOff();
    // Everybody who is left runs. What waited for one that has ended is lost.
    for (const { end, inbox, waiting } of this.processes) if (end === null) inbox.push(...waiting.splice(0));
  }

  #link(a: number, b: number): void {
    if (a === b || this.at(a).links.includes(b)) return;
    if (this.at(b).end !== null) {
      if (this.at(a).traps) this.#signal(a, b, "noproc", "link");
      else this.#end(a, "noproc");
      return;
    }
    this.at(a).links.push(b);
    this.at(b).links.push(a);
  }

  #unlink(a: number, b: number): void {
    this.at(a).links = this.at(a).links.filter((peer) => peer !== b);
    this.at(b).links = this.at(b).links.filter((peer) => peer !== a);
  }

  #monitor(watcher: number, target: number): void {
    const isActive = watcher !== target && this.at(target).end === null;
    this.monitors.push({ watcher, target, isActive });
    if (watcher !== target && !isActive)
      this.at(watcher).waiting.push({ type: "DOWN", monitor: this.monitors.length - 1, reason: "noproc" });
  }

  #demonitor(who: number, index: number): void {
    const monitor = this.monitors[index];
    if (monitor?.watcher === who) monitor.isActive = false;
  }

  #signal(to: number, from: number, reason: string, origin: "link" | "explicit" | "self"): void {
    const receiver = this.at(to);
    if (receiver.end !== null) return;
    if (reason === "kill" && origin !== "link") this.#end(to, "killed");
    else if (receiver.traps) receiver.waiting.push({ type: "EXIT", from, reason });
    else if (reason !== "normal" || origin === "self") this.#end(to, reason);
  }

  #end(who: number, reason: string): void {
    if (this.at(who).end !== null) return;
    this.at(who).end = reason;
    this.#ends.push({ who, reason });
  }

  #workOff(): void {
    for (let next = this.#ends.shift(); next !== undefined; next = this.#ends.shift())
      this.#tell(next.who, next.reason);
  }

  #tell(who: number, reason: string): void {
    for (const monitor of this.monitors) if (monitor.watcher === who) monitor.isActive = false;
    const { links } = this.at(who);
    this.at(who).links = [];
    for (const peer of links) {
      this.at(peer).links = this.at(peer).links.filter((other) => other !== who);
      this.#signal(peer, who, reason, "link");
    }
    this.monitors.forEach((monitor, index) => {
      if (monitor.target !== who || !monitor.isActive) return;
      monitor.isActive = false;
      this.at(monitor.watcher).waiting.push({ type: "DOWN", monitor: index, reason });
    });
  }
}
