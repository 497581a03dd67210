// @krarup/core/manual: a platform that a test steps by hand, with a clock of its own and chance from a seed.

export { manualPlatform, seededRandom } from "./platforms/manual.ts";
export type { ManualOptions, ManualPlatform } from "./platforms/manual.ts";
