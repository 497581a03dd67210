import type { Process } from "@krarup/core/internal";
import { type Supervision, SupervisingBody } from "./supervising-body.ts";

/** What `process` supervises, seen from outside and without asking it; undefined when it is no supervisor. */
export function supervisionOf({ body }: Process): Supervision | undefined {
  return body instanceof SupervisingBody ? body.supervision : undefined;
}
