// The instrumented state machine of scenarios.md.

import { type EventType, type From, type HandleEventModule, type Pid, type Request, startStatem } from "@krarup/core";
import { valueOf } from "./exceptions.ts";
import type { Lab } from "./lab.ts";
import type { Step } from "./step.ts";

/** An event as a machine's handler sees it: the word for its kind comes first, as in a trace. */
export interface MachineEvent {
  readonly kind: string;
  readonly content: unknown;
  readonly state: unknown;
  /** The caller of a call. */
  readonly from: From<unknown> | null;
}

/** How a machine differs from the default one, which keeps its state. A callback may return anything. */
export interface MachinePart {
  /** Kinds of events that are logged; default everything but terminate. */
  readonly logs?: readonly string[];
  readonly hasEnterCalls?: boolean;
  readonly init?: () => unknown;
  readonly handle?: (event: MachineEvent) => unknown;
}

/** A machine that any request can be sent to. */
export type AnyMachine = Pid<Request<unknown, unknown>>;

/** Starts a machine whose callbacks log and then do what `part` says. */
export function* startMachine(lab: Lab, role: string, part: MachinePart): Step<AnyMachine> {
  const machine = yield* startStatem(instrumentedMachine(lab, role, part), null);
  return machine;
}

function instrumentedMachine(lab: Lab, role: string, part: MachinePart): HandleEventModule<unknown, null, null> {
  const isLogged = (kind: string): boolean =>
    part.logs === undefined ? kind !== "terminate" : part.logs.includes(kind);
  const module = {
    callbackMode: part.hasEnterCalls === true ? [MODE, "state_enter"] : MODE,
    init(): unknown {
      if (isLogged("init")) lab.log(role, "init");
      return part.init === undefined ? ["ok", "a", null] : part.init();
    },
    handleEvent(type: EventType | "enter", content: unknown, state: unknown): unknown {
      const event = { kind: kindOf(type), content, state, from: callerOf(type) };
      if (isLogged(event.kind)) lab.log(role, event.kind, ...nameIn(type), content, state);
      return part.handle?.(event) ?? "keep_state_and_data";
    },
    terminate(reason: unknown, state: unknown): void {
      // A machine's terminate gets the value of an error without its stack.
      if (isLogged("terminate")) lab.log(role, "terminate", bare(reason), state);
    },
  };
  // What the callbacks return is the scenario's business, nonsense included.
  return module as HandleEventModule<unknown, null, null>;
}

const MODE = "handle_event_function";

/** The value of an error, and any other term as it is. */
export function bare(reason: unknown): unknown {
  return reason instanceof Error ? valueOf(reason) : reason;
}

function kindOf(type: EventType | "enter"): string {
  return typeof type === "string" ? type : type[0];
}

function callerOf(type: EventType | "enter"): From<unknown> | null {
  return typeof type !== "string" && type[0] === "call" ? type[1] : null;
}

/** The name of a named time-out is part of its line. */
function nameIn(type: EventType | "enter"): readonly unknown[] {
  return typeof type !== "string" && type[0] === "timeout" ? [type[1]] : [];
}
