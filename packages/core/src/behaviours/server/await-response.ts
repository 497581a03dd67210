import { cpu } from "../../kernel/cpu.ts";
import { notInProcess } from "../../kernel/misuse.ts";
import { finished, KernelOperation, type Suspension } from "../../kernel/operation.ts";
import type { Process } from "../../kernel/process.ts";
import { SelectiveReceive } from "../../kernel/receive.ts";
import type { When } from "../../kernel/send-after.ts";
import { checkedDeadline } from "../../kernel/timer.ts";
import { KrarupError } from "../../values/errors.ts";
import { TIMEOUT } from "../../values/system-messages.ts";
import { abandon, answeredBy, pendingIn, resultIn } from "./pending-request.ts";

/** What happens to the requests when the time is over. */
export type AtTimeout = "keep" | "abandon";

/** Waits for the response to a request, or to the first of a collection that has one. */
export class AwaitResponse extends KernelOperation<unknown> {
  /** An id, or a Map from ids to labels. */
  readonly #requests: unknown;
  readonly #when: When | "infinity";
  readonly #atTimeout: AtTimeout;
  #wait: SelectiveReceive | null = null;

  constructor(requests: unknown, when: When | "infinity", atTimeout: AtTimeout) {
    super();
    this.#requests = requests;
    this.#when = when;
    this.#atTimeout = atTimeout;
  }

  override next(): IteratorResult<Suspension, unknown> {
    const process = cpu.process;
    if (process === null) throw notInProcess("wait for a response");
    if (this.#requests instanceof Map && this.#requests.size === 0) return finished({ type: "no_request" });
    this.#wait ??= this.#begin(process);
    const step = this.#wait.next();
    if (step.done !== true) return step;
    this.#wait = null;
    return finished(step.value === TIMEOUT ? this.#giveUp() : takeResult(step.value, this.#requests));
  }

  #begin(process: Process): SelectiveReceive {
    for (const request of pendingIn(this.#requests))
      if (request.watcher !== process)
        throw new KrarupError(
          "ERR_BAD_ARGUMENT",
          `Cannot wait for the response to ${String(request)} as it belongs to ${String(request.watcher)}`,
          request,
        );
    const requests = this.#requests;
    const match = requests instanceof Map ? (message: unknown) => requests.has(answeredBy(message)) : requests;
    return new SelectiveReceive(match).after(msUntil(this.#when, process));
  }

  #giveUp(): { readonly type: "timeout" } {
    if (this.#atTimeout === "abandon") {
      for (const request of pendingIn(this.#requests)) abandon(request);
      if (this.#requests instanceof Map) this.#requests.clear();
    }
    return { type: "timeout" };
  }
}

/** What `message`, a response to one of `requests`, says; in a collection that one is ticked off. */
export function takeResult(message: unknown, requests: unknown): unknown {
  const request = answeredBy(message);
  if (request === undefined) return { type: "no_reply" };
  const result = resultIn(message, request);
  if (!(requests instanceof Map)) return result;
  const label: unknown = requests.get(request);
  requests.delete(request);
  return { ...result, label };
}

function msUntil(when: When | "infinity", { node }: Process): number | "infinity" {
  return typeof when === "object" ? Math.max(0, checkedDeadline(when.at) - node.platform.now()) : when;
}
