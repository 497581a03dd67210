// The same request to the servers of one name on several nodes.

import { requireProcess } from "../../kernel/current.ts";
import { cpu } from "../../kernel/cpu.ts";
import { notInProcess } from "../../kernel/misuse.ts";
import { finished, KernelOperation, type Operation, type Suspension } from "../../kernel/operation.ts";
import type { Process } from "../../kernel/process.ts";
import { checkedDelay } from "../../kernel/timer.ts";
import { AwaitResponse } from "./await-response.ts";
import { cast } from "./cast.ts";
import type { LabelledResult, RequestIds } from "./pending-request.ts";
import { sendRequest } from "./send-request.ts";

/** How one {@link multiCall} is made. */
export interface MultiCallOptions {
  /** Names of nodes; default this one. What is no node is a bad node. */
  readonly nodes?: readonly string[];
  /** Milliseconds until nodes that have not replied are bad nodes; default `"infinity"`. */
  readonly timeoutMs?: number | "infinity";
}

/** The outcome of a {@link multiCall}, both lists in the order of its nodes. */
export interface MultiCallResult<R> {
  readonly replies: readonly { readonly node: string; readonly reply: R }[];
  /** Nodes without such a server, or whose server ended or took too long. */
  readonly badNodes: readonly string[];
}

/**
 * Sends a request to the servers of one name on several nodes, and waits for their replies.
 *
 * @remarks
 * All are asked at once. Nothing fails: who does not reply is among the bad nodes, and a late reply vanishes. There is one node so far, so it
 * is for programs that shall run on several later.
 *
 * **Waiting.** This process, until all have replied or the time is over.
 *
 * @typeParam R - what the servers reply: the caller's claim, which nothing checks
 *
 * @example
 * ```ts
 * import { genServer, multiCall, spawn } from "@krarup/core";
 *
 * const Clock = genServer({ name: "clock", register: true, init: () => 7, call: { read: ({ state }) => state } });
 *
 * spawn(function* () {
 *   yield* Clock.start();
 *   const { replies, badNodes } = yield* multiCall<number>("clock", ["read"]);
 *   replies.map(({ reply }) => reply); // => [7]
 *   badNodes; // => []
 * });
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#multi_call/4 | gen_server:multi_call/4}
 */
export function multiCall<R = unknown>(
  name: string,
  request: unknown,
  options: MultiCallOptions = {},
): Operation<MultiCallResult<R>> {
  return new MultiCall<R>(name, request, options);
}

/**
 * Casts a request to the servers of one name on several nodes, by default on this one. Where there is none it vanishes.
 *
 * @returns `"abcast"`, as in OTP
 * @see {@link https://www.erlang.org/doc/apps/stdlib/gen_server.html#abcast/3 | gen_server:abcast/3}
 */
export function abcast(name: string, request: unknown, nodes?: readonly string[]): "abcast" {
  for (const node of nodes ?? [requireProcess("abcast").node.name]) cast({ name, node }, request);
  return "abcast";
}

class MultiCall<R> extends KernelOperation<MultiCallResult<R>> {
  readonly #name: string;
  readonly #request: unknown;
  readonly #options: MultiCallOptions;
  #asked: readonly string[] = [];
  /** Labelled by the position of the node. */
  readonly #pending: RequestIds<R, number> = new Map();
  #replies = new Map<number, R>();
  #wait: AwaitResponse | null = null;

  constructor(name: string, request: unknown, options: MultiCallOptions) {
    super();
    this.#name = name;
    this.#request = request;
    this.#options = options;
  }

  override next(): IteratorResult<Suspension, MultiCallResult<R>> {
    const process = cpu.process;
    if (process === null) throw notInProcess("call");
    this.#wait ??= this.#begin(process);
    for (;;) {
      const step = this.#wait.next();
      if (step.done !== true) return step;
      // What the wait for a collection returns.
      const result = step.value as LabelledResult<R, number> | { readonly type: "timeout" | "no_request" };
      if (result.type === "reply") this.#replies.set(result.label, result.reply);
      else if (result.type !== "error") return finished(this.#conclude());
    }
  }

  #begin({ node }: Process): AwaitResponse {
    const { nodes = [node.name], timeoutMs = "infinity" } = this.#options;
    const when = timeoutMs === "infinity" ? timeoutMs : { at: node.platform.now() + checkedDelay(timeoutMs) };
    this.#asked = nodes;
    nodes.forEach((each, index) =>
      this.#pending.set(sendRequest({ name: this.#name, node: each }, this.#request), index),
    );
    return new AwaitResponse(this.#pending, when, "abandon");
  }

  #conclude(): MultiCallResult<R> {
    const replies = [...this.#replies]
      .toSorted(([a], [b]) => a - b)
      .map(([index, reply]) => ({ node: this.#asked[index] ?? "", reply }));
    const badNodes = this.#asked.filter((_node, index) => !this.#replies.has(index));
    this.#wait = null;
    this.#replies = new Map();
    return { replies, badNodes };
  }
}
