// simple_one_for_one is a dynamic supervisor all of whose children are made from one template, and differ by the arguments they are started
// with. So its body is that of a dynamic supervisor, and makes the spec of each child itself.

import { isAlive } from "@krarup/core";
import { leave, type Process, type StartAnswer } from "@krarup/core/internal";
import { type ChildDescription, type ChildId, describeSpec } from "./child-spec.ts";
import { DynamicSupervisorBody } from "./dynamic-supervisor-body.ts";
import type { ChildCount, DynamicSupervisorRequest } from "./management.ts";
import type { CheckedSimpleOneForOneSpec } from "./simple-one-for-one-spec.ts";
import type { Step } from "./supervising-body.ts";

/** What a `SimpleOneForOne` can be asked. */
export type SimpleOneForOneRequest<A extends readonly unknown[] = readonly unknown[]> =
  | DynamicSupervisorRequest
  | { readonly do: "start_from_template"; readonly args: A }
  /** What makes no sense without ids of children. */
  | { readonly do: "terminate_child_by_id" | "restart_child" | "delete_child"; readonly id: ChildId }
  | { readonly do: "get_child_spec_by_id"; readonly id: ChildId };

/** The running part of one `SimpleOneForOne`. */
export class SimpleOneForOneBody extends DynamicSupervisorBody {
  readonly #spec: CheckedSimpleOneForOneSpec;

  constructor(
    process: Process,
    acknowledge: (answer: StartAnswer) => void,
    isLinked: boolean,
    spec: CheckedSimpleOneForOneSpec,
  ) {
    super(process, acknowledge, isLinked, { ...spec, maxChildren: "infinity" });
    this.#spec = spec;
  }

  protected override *serve(request: SimpleOneForOneRequest): Step<unknown> {
    switch (request.do) {
      case "start_from_template":
        return yield* super.serve({ do: "start_child", spec: leave(this.#specFor(request.args)) });
      case "terminate_child": {
        const answer = yield* super.serve(request);
        // As in OTP: only a living stranger is worth a word.
        return answer === "not_found" && !isAlive(request.pid) ? "ok" : answer;
      }
      case "get_child_spec": {
        const answer = yield* super.serve(request);
        return answer === "not_found" ? answer : this.#description;
      }
      case "get_child_spec_by_id":
        return request.id === this.#spec.template.id ? this.#description : "not_found";
      case "terminate_child_by_id":
      case "restart_child":
      case "delete_child":
        return "simple_one_for_one";
      case "start_child":
      case "which_children":
      case "count_children":
        return yield* super.serve(request);
    }
  }

  /** One spec, and as many children as there are. */
  protected override countChildren(...args: Parameters<DynamicSupervisorBody["countChildren"]>): ChildCount {
    return { ...super.countChildren(...args), specs: 1 };
  }

  get #description(): ChildDescription {
    return describeSpec(this.#spec.template);
  }

  #specFor(args: readonly unknown[]): unknown {
    const { start, ...template } = this.#spec.template;
    return { ...template, start: () => start(...args) };
  }
}
