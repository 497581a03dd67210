// The registers of the one processor there is: which process runs now and what is left of its slice.

import type { Process } from "./process.ts";

/** Written by the scheduler at each switch, read by every operation. */
export const cpu: { process: Process | null; reductions: number } = { process: null, reductions: 0 };
