/** What the init of a behaviour returns instead of a state when the process shall not start. */
export interface InitRefusal {
  readonly refused: "ignore" | "stop";
  readonly reason: unknown;
}

/** What init returns to be left out: the start throws a {@link StartError} that says so, and a supervisor carries on without. */
export function ignore(): InitRefusal {
  return { refused: "ignore", reason: "ignore" };
}

/** What init returns to fail with `reason`. */
export function refuse(reason: unknown): InitRefusal {
  return { refused: "stop", reason };
}

/** Whether init returned a refusal. */
export function isRefusal(value: unknown): value is InitRefusal {
  return typeof value === "object" && value !== null && "refused" in value && "reason" in value;
}
