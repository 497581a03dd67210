// Chooses the door of where the program runs.

import type { Platform } from "../kernel/platform.ts";
import { browserPlatform } from "./browser.ts";
import { nodePlatform } from "./node.ts";

/** The platform of the present environment: Node.js and what is compatible with it, or a browser. */
export function defaultPlatform(): Platform {
  return "setImmediate" in globalThis ? nodePlatform() : browserPlatform();
}
