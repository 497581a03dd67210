// Scenarios of the world outside: they need real sockets and real programs, so they cannot be performed in virtual time, nor in whatever
// order a seed says.

import { ports } from "./scenarios/ports.ts";
import type { Scenarios } from "./stage/lab.ts";

export const IN_REAL_TIME: Scenarios = { ...ports };
