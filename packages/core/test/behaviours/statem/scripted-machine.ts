// A state machine whose handler does what a test says, and writes down what it is called for.

import {
  cast,
  type HandleEventModule,
  type Pid,
  self,
  startStatem,
  type StatemInit,
  type StatemResult,
} from "@krarup/core";
import { laboratory } from "../../laboratory.ts";

type Result = StatemResult<unknown, unknown>;

/** What a machine does. */
export interface Part {
  readonly init?: StatemInit<unknown, unknown>;
  readonly hasEnterCalls?: boolean;
  /** What the handler returns for an event, by its content; else it keeps everything. */
  readonly results?: Readonly<Record<string, unknown>>;
  /** What is cast while the machine cannot run yet. */
  readonly casts?: readonly unknown[];
}

/** Runs a machine for `ms` milliseconds. @returns one line for each callback, and the reason of its end */
export function run(part: Part, ms = 0): { lines: string[]; reason: unknown } {
  const { platform, ends, run: spawn } = laboratory();
  const lines: string[] = [];
  let machine: Pid<unknown> | undefined;
  spawn(function* () {
    machine = yield* startStatem(machineOf(part, lines), null);
    yield* self().receive(() => false);
  });
  platform.advance(ms);
  return { lines, reason: machine === undefined ? undefined : ends.get(machine) };
}

/** The callbacks of such a machine; each writes a line. */
export function machineOf(part: Part, lines: string[]): HandleEventModule<unknown, unknown, null> {
  return {
    callbackMode: part.hasEnterCalls === true ? ["handle_event_function", "state_enter"] : "handle_event_function",
    init() {
      for (const content of part.casts ?? []) cast(self(), content);
      return part.init ?? ["ok", "a", "d"];
    },
    handleEvent(type, content, state) {
      const kind = typeof type === "string" ? type : type[0] === "timeout" ? `timeout ${String(type[1])}` : "call";
      lines.push(`${kind} ${String(content)} in ${String(state)}`);
      const result = part.results?.[`${kind} ${String(content)}`] ?? part.results?.[String(content)];
      return (result ?? "keep_state_and_data") as Result; // nonsense is part of what is tested
    },
    terminate(reason, state) {
      const value = reason instanceof Error && "value" in reason ? reason.value : reason;
      lines.push(`terminate ${JSON.stringify(value)} in ${String(state)}`);
    },
  };
}
