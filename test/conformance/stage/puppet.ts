import { type Down, exit, makeRef, monitor, type Pid, type Ref, send, spawnOpt, TIMEOUT } from "@krarup/core";
import { type Action, type AnySelf, perform, type Step } from "./step.ts";

/** How a puppet differs from a plain one. */
export interface PuppetOptions {
  readonly trapsExits?: boolean;
}

/**
 * A process under the script's remote control: it runs the actions that it is handed, one at a time.
 *
 * Between actions it takes nothing out of its mailbox but the summons to the next one. If an action raises and nothing catches it, the
 * puppet ends with that reason.
 */
export class Puppet {
  readonly pid: Pid<unknown>;
  readonly #script: AnySelf;
  readonly #actions: Action<unknown>[] = [];
  /** The script's monitor of the puppet, from birth. */
  readonly #life: Ref;
  readonly #summons: Ref = makeRef();
  #end: { readonly reason: unknown } | null = null;

  private constructor(script: AnySelf) {
    this.#script = script;
    this.pid = spawnOpt((self: AnySelf) => this.#obey(self), [], {});
    this.#life = monitor(this.pid);
  }

  /** Makes a puppet that is ready for its first action. */
  static *make(script: AnySelf, { trapsExits = false }: PuppetOptions): Step<Puppet> {
    const puppet = new Puppet(script);
    yield* puppet.does((self) => {
      if (trapsExits) self.trapExit();
    });
    return puppet;
  }

  /** Hands over an action and waits for its result. */
  *does<T>(action: (self: AnySelf) => Step<T> | T): Step<T> {
    const results: T[] = [];
    yield* this.tries(function* (self) {
      results.push(yield* perform(self, action));
    });
    if (!(0 in results)) throw new Error("The puppet ended before its action had returned");
    return results[0];
  }

  /** Hands over an action that may well end the puppet, and waits for the return or the end. */
  *tries(action: Action<unknown>): Step<void> {
    const ref = monitor<"returned">(this.pid, { alias: "reply_demonitor" });
    this.begins(function* (self) {
      yield* perform(self, action);
      send(ref, "returned");
    });
    yield* this.#script.receive(ref);
  }

  /** Hands over an action and does not wait. */
  begins(action: Action<unknown>): void {
    this.#actions.push(action);
    send(this.pid, [this.#summons]);
  }

  /** Makes it raise exit `reason`, and waits for its end. */
  *exits(reason: unknown): Step<void> {
    yield* this.tries(() => exit(reason));
  }

  /** Its end as the script's monitor saw it; null while it lives. */
  *ended(): Step<{ readonly reason: unknown } | null> {
    if (this.#end !== null) return this.#end;
    const message = yield* this.#script.receive(this.#life).after(0);
    // Only the kernel sends through the ref of a monitor that is no alias.
    if (message !== TIMEOUT) this.#end = message as Down;
    return this.#end;
  }

  *#obey(self: AnySelf): Step<never> {
    for (;;) {
      yield* self.receive([this.#summons]);
      const action = this.#actions.shift();
      if (action !== undefined) yield* perform(self, action);
    }
  }
}
