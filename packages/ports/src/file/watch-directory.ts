import type { Operation } from "@krarup/core";
import { outside } from "../outside/outside.ts";
import { misuse } from "../port/check-options.ts";
import { CHANGE_QUEUE_MAX } from "../port/limits.ts";
import { openPacketPort, type PacketOptions } from "../port/open-port.ts";
import type { PortError } from "../port/port-error.ts";
import type { Port } from "../port/port-protocol.ts";

/**
 * What happened in a watched directory.
 *
 * @remarks
 * `"changed"`: the content or the attributes of what is at `path`. `"renamed"`: something has appeared at `path`, has gone, or has been
 * replaced; look which. `"overflow"`: more than could be kept, below `path`; look at everything.
 */
export interface Change {
  readonly kind: "changed" | "renamed" | "overflow";
  /** Begins with the path of the directory, as it was given. */
  readonly path: string;
}

/** How a directory is watched. */
export interface WatchOptions extends PacketOptions {
  /** Whether the directories in it are watched as well, and those in them. Default false. */
  readonly recursive?: boolean;
  /** Changes that may wait to be read; with one more they become one overflow. Default 1,024. */
  readonly queueLengthMax?: number;
}

/**
 * Watches a directory. It is a port whose packets are {@link Change}s: `read` takes the next, `setActive` has them sent to the owner.
 *
 * @remarks
 * A change is a hint to look, not a log: changes that say the same while they wait are one, one write can be several, and what comes and
 * goes at once may never be seen. After `"overflow"` look at the whole directory: what changed before it was read is found by that, and what
 * changes later is told. With `recursive`, a directory that is new is watched from a moment after it has been made: when it is told of, look
 * what is in it already.
 *
 * When the directory itself is removed or given another name, who reads is told `"enoent"`, and the port ends.
 *
 * **Cost.** With `recursive`, on Linux, a watch of the kernel for each file and directory, and a walk through all of them, during which the
 * node stands still.
 *
 * @returns the port, which belongs to this process; or an error: `"enoent"`, `"enotdir"`, `"enospc"` or `"emfile"` when the system has no
 * watches left …
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for an option that makes no sense
 *
 * @example
 * ```ts no-run
 * import { isPortError, orExit, read, watchDirectory } from "@krarup/ports";
 *
 * export function* reloadOnChange(folder: string, reload: (path: string) => void) {
 *   const watcher = yield* orExit(watchDirectory(folder));
 *   for (;;) {
 *     const change = yield* read(watcher);
 *     if (isPortError(change)) return change;
 *     reload(change.kind === "overflow" ? folder : change.path);
 *   }
 * }
 * ```
 */
export function watchDirectory(path: string, options: WatchOptions = {}): Operation<Port<Change> | PortError> {
  const { recursive = false, queueLengthMax = CHANGE_QUEUE_MAX } = options;
  if (typeof path !== "string" || path === "") throw misuse("the path of a directory must be a text", path);
  if (typeof recursive !== "boolean") throw misuse("recursive must be true or false", recursive);
  if (!Number.isInteger(queueLengthMax) || queueLengthMax < 1)
    throw misuse("queueLengthMax must be an integer >= 1", queueLengthMax);
  return openPacketPort(
    { kind: "directory_watcher", action: `watch ${path}`, timeoutMs: "infinity" },
    options,
    () => outside("watches").watch(path, { recursive, queueLengthMax }),
    () => 0,
  );
}
