// The room of watched directories.

import type { Change } from "../file/watch-directory.ts";
import type { Driver } from "../port/driver.ts";
import { WatchDriver } from "./watch-driver.ts";

/** How a directory is watched. */
export interface WatchSettings {
  readonly recursive: boolean;
  /** Changes that wait; with one more they all become one overflow. */
  readonly queueLengthMax: number;
}

/** Changes of directories as a node hears of them. */
export interface Watches {
  watch(path: string, settings: WatchSettings): Driver<Change>;
}

/** Those of the operating system. */
export const nodeWatches: Watches = { watch: (path, settings) => new WatchDriver(path, settings) };
