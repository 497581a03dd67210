// Reading what the callbacks of an OTP-style state machine return. It decides nothing: each tuple becomes the verdict it stands for.

import type { From } from "../../kernel/call.ts";
import { isSameTerm } from "../same-term.ts";
import type { EventType, TimeoutType } from "./statem-event.ts";
import type { TimeoutRequest } from "./statem-timeouts.ts";
import type { BadReturn, StatemStep, Verdict } from "./statem-verdict.ts";

/** Where a machine is when a callback returns. */
export interface Place {
  readonly state: unknown;
  readonly data: unknown;
  readonly isEntering: boolean;
}

/** The verdict that the result of a state callback stands for. */
export function readResult(result: unknown, place: Place): Verdict {
  const [word, ...parts]: readonly unknown[] = Array.isArray(result) ? result : [result];
  const verdict = typeof word === "string" ? readWord(word, parts, place) : null;
  if (verdict === null) return bad("bad_return_from_state_function", result);
  // An enter call may name the present state as the next one, and no other.
  const isAllowed = verdict.do !== "go" || !place.isEntering || isSameTerm(verdict.state, place.state);
  return isAllowed ? verdict : bad("bad_state_enter_return_from_state_function", result);
}

/** @returns null when `word` with so many parts is no result */
function readWord(word: string, parts: readonly unknown[], place: Place): Verdict | null {
  const { state, data } = place;
  switch (word) {
    case "next_state":
      return has(parts, 2, 3) ? go(parts[0], parts[1], false, parts[2], place) : null;
    case "keep_state":
    case "repeat_state":
      return has(parts, 1, 2) ? go(state, parts[0], word === "repeat_state", parts[1], place) : null;
    case "keep_state_and_data":
    case "repeat_state_and_data":
      return has(parts, 0, 1) ? go(state, data, word === "repeat_state_and_data", parts[0], place) : null;
    case "stop":
      return has(parts, 0, 2)
        ? {
            do: "stop",
            reason: parts.length === 0 ? "normal" : parts[0],
            data: parts.length === 2 ? parts[1] : data,
            steps: [],
          }
        : null;
    case "stop_and_reply":
      return has(parts, 2, 3)
        ? {
            do: "stop",
            reason: parts[0],
            data: parts.length === 3 ? parts[2] : data,
            steps: listOf(parts[1]).map(readReply),
          }
        : null;
    default:
      return null;
  }
}

function has(parts: readonly unknown[], least: number, most: number): boolean {
  return parts.length >= least && parts.length <= most;
}

function go(state: unknown, data: unknown, repeats: boolean, actions: unknown, { isEntering }: Place): Verdict {
  return { do: "go", state, data, repeats, steps: readActions(actions, isEntering) };
}

/** The steps that the actions stand for. The first that is none ends the list. */
export function readActions(actions: unknown, isEntering: boolean): readonly StatemStep[] {
  if (actions === undefined) return [];
  const steps: StatemStep[] = [];
  for (const action of listOf(actions)) {
    if (isEntering && isAboutEvents(action))
      return [...steps, bad("bad_state_enter_action_from_state_function", action)];
    const step = readAction(action);
    if (step === null) return [...steps, bad("bad_action_from_state_function", action)];
    steps.push(step);
  }
  return steps;
}

/** An enter call has no event to postpone, and inserts none. */
function isAboutEvents(action: unknown): boolean {
  const word: unknown = Array.isArray(action) ? action[0] : action;
  return word === "postpone" || word === "next_event";
}

/** Tuples and lists are both arrays here: what reads as one action, or begins as only a tuple can, is one; any other array is a list. */
function listOf(actions: unknown): readonly unknown[] {
  return Array.isArray(actions) && !TUPLE_WORDS.has(actions[0]) && readTuple(actions) === null ? actions : [actions];
}

const TUPLE_WORDS: ReadonlySet<unknown> = new Set(["reply", "next_event", "timeout", "state_timeout"]);

function readReply(action: unknown): StatemStep {
  const step = readAction(action);
  return step?.do === "reply" ? step : bad("bad_reply_action_from_state_function", action);
}

/** @returns null when `action` is none */
function readAction(action: unknown): StatemStep | null {
  if (action === "postpone") return { do: "postpone", postpones: true };
  if (action === "hibernate") return { do: "nothing" };
  if (Array.isArray(action)) return readTuple(action);
  // A bare time is an event time-out with itself as content.
  return readTime("timeout", action, action);
}

function readTuple(tuple: readonly unknown[]): StatemStep | null {
  const [word, first, second] = tuple;
  switch (word) {
    case "postpone":
      return tuple.length === 2 && typeof first === "boolean" ? { do: "postpone", postpones: first } : null;
    case "hibernate":
      return tuple.length === 2 && typeof first === "boolean" ? { do: "nothing" } : null;
    case "reply":
      // typed by ReplyAction
      return tuple.length === 3 ? { do: "reply", to: first as From<unknown>, value: second } : null;
    case "next_event":
      return tuple.length === 3 && isEventType(first)
        ? { do: "insert", event: { type: first, content: second } }
        : null;
    default:
      return isTimeoutType(word) ? readTimeout(word, tuple) : null;
  }
}

function readTimeout(type: TimeoutType, tuple: readonly unknown[]): StatemStep | null {
  const [, time, content, options] = tuple;
  if (time === "cancel" && tuple.length === 2) return timeout({ set: "cancel", type });
  if (time === "update" && tuple.length === 3) return timeout({ set: "update", type, content });
  if (tuple.length === 4 && isAbsolute(options))
    return typeof time === "number"
      ? timeout({ set: "start_at", type, deadlineMs: time, content })
      : readTime(type, time, content);
  return tuple.length === 3 || tuple.length === 4 ? readTime(type, time, content) : null;
}

function readTime(type: TimeoutType, time: unknown, content: unknown): StatemStep | null {
  if (time === "infinity") return timeout({ set: "cancel", type });
  return typeof time === "number" && time >= 0 ? timeout({ set: "start", type, ms: time, content }) : null;
}

function isAbsolute(options: unknown): boolean {
  return typeof options === "object" && options !== null && "abs" in options && options.abs === true;
}

function isTimeoutType(type: unknown): type is TimeoutType {
  return (
    type === "timeout" ||
    type === "state_timeout" ||
    (Array.isArray(type) && type.length === 2 && type[0] === "timeout")
  );
}

function isEventType(type: unknown): type is EventType {
  return (
    type === "cast" ||
    type === "info" ||
    type === "internal" ||
    isTimeoutType(type) ||
    (Array.isArray(type) && type.length === 2 && type[0] === "call")
  );
}

function timeout(request: TimeoutRequest): StatemStep {
  return { do: "timeout", request };
}

function bad(word: string, value: unknown): BadReturn {
  return { do: "fail", reason: [word, value] };
}
