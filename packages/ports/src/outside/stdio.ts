// The room of the program's own standard input and output.

import type { Driver } from "../port/driver.ts";
import { StdioDriver } from "./stdio-driver.ts";

/** How they are taken. */
export interface StdioSettings {
  /** Whether a terminal hands over each key as it is pressed. */
  readonly raw: boolean;
}

/** Standard input and output as a node reaches them. */
export interface Stdio {
  /** Takes them. It fails with `"ebusy"` while somebody has them, and with `"enotty"` when what is to be raw is no terminal. */
  open(settings: StdioSettings): Driver;
}

/** Those of this program. */
export const nodeStdio: Stdio = { open: (settings) => StdioDriver.open(settings) };
