// A file that stays open, to be read and written at any place. Its process does one thing after the other, as Erlang's file processes do.

import {
  type AnyPid,
  brief,
  exit,
  type Exit,
  KrarupError,
  type Operation,
  type Pid,
  reply,
  type Request,
  type Self,
  unlink,
} from "@krarup/core";
import type { Handle } from "../outside/handles.ts";
import { outside } from "../outside/outside.ts";
import { ask, type CommandOf } from "../port/ask.ts";
import { misuse } from "../port/check-options.ts";
import { READ_BYTES_MAX } from "../port/limits.ts";
import { openHeld } from "../port/open-port.ts";
import { type PortError, portError, systemCodeOf } from "../port/port-error.ts";
import type { DriverChanged } from "../port/port-protocol.ts";
import { sequence, type Steps } from "../port/sequence.ts";
import { checkPath, type FileInfo } from "./paths.ts";

/**
 * What a file is opened for: `"read"`; `"update"`, to be read and written; `"create"`, the same, and made if it is not there; `"exclusive"`,
 * the same, and it must not be there.
 */
export type DiskFileMode = "read" | "update" | "create" | "exclusive";

type DiskFileCommand =
  | { readonly do: "read"; readonly position: number; readonly bytes: number }
  | { readonly do: "write"; readonly position: number; readonly data: Uint8Array }
  | { readonly do: "sync"; readonly dataOnly: boolean }
  | { readonly do: "truncate"; readonly length: number }
  | { readonly do: "info" }
  | { readonly do: "close" };

/** What an open file can be asked. */
export type DiskFileRequest = CommandOf<DiskFileCommand>;

/** A file that stays open. It belongs to the process that opened it, is linked to it, and closes with it. */
export type DiskFile = Pid<Request<DiskFileRequest, unknown>>;

type DiskFileInput = Request<DiskFileRequest, unknown> | DriverChanged | Exit;

/**
 * Opens a file to be read and written at any place.
 *
 * @remarks
 * **Ordering.** What is asked of one file is done in the order in which it was asked, one after the other.
 * **Waiting.** Whoever asks, until the system has done it. There is no limit of time: nothing can be taken back from a disk.
 * **Exits.** A file ends with its owner. What is under way then is finished; what waits behind it is not done.
 *
 * @returns the file, or an error: `"enoent"`, `"eexist"`, `"eacces"`, `"emfile"` …
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for what is no path or no mode
 *
 * @example
 * ```ts no-run
 * import { closeFile, openDiskFile, orExit, pread, pwrite, sync } from "@krarup/ports";
 *
 * export function* increment(path: string) {
 *   const file = yield* orExit(openDiskFile(path, "create"));
 *   const [count = 0] = yield* orExit(pread(file, 0, 1));
 *   yield* orExit(pwrite(file, 0, Uint8Array.of(count + 1)));
 *   yield* orExit(sync(file));
 *   yield* closeFile(file);
 * }
 * ```
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#open/2 | file:open/2}
 */
export function openDiskFile(path: string, mode: DiskFileMode = "read"): Operation<DiskFile | PortError> {
  checkPath(path);
  if (!["read", "update", "create", "exclusive"].includes(mode))
    throw misuse('mode must be "read", "update", "create" or "exclusive"', mode);
  return openHeld<Handle, DiskFileInput>(
    { kind: "disk_file", action: `open ${path}`, timeoutMs: "infinity" },
    () => outside("handles").open(path, mode),
    serveFile,
  );
}

/**
 * Reads `bytes` bytes from `position` on.
 *
 * @returns the bytes: fewer where the file ends, none behind its end; or an error: `"closed"`, `"eio"` …
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for a position that is no integer >= 0, or bytes not from 1 to 67,108,864
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#pread/3 | file:pread/3}
 */
export function pread(file: DiskFile, position: number, bytes: number): Operation<Uint8Array | PortError> {
  checkCount("position", position);
  checkCount("bytes", bytes, 1, READ_BYTES_MAX);
  return ask(file, `read at ${position}`, { do: "read", position, bytes });
}

/**
 * Writes `data` at `position`. A gap between that and the end of the file is filled with zeros.
 *
 * @param data - a text is encoded as UTF-8
 * @returns `"ok"` when the system has all of it; or an error, after which a part may have been written: `"ebadf"` for a file that was opened
 * for reading, `"enospc"`, `"efbig"`, `"closed"` …
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for a position that is no integer >= 0
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#pwrite/3 | file:pwrite/3}
 */
export function pwrite(file: DiskFile, position: number, data: Uint8Array | string): Operation<"ok" | PortError> {
  checkCount("position", position);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  if (!(bytes instanceof Uint8Array)) throw tellMisuse("data must be bytes or a text", data);
  return ask(file, `write at ${position}`, { do: "write", position, data: bytes });
}

/**
 * Waits until everything that was written is on the disk itself.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#sync/1 | file:sync/1}
 */
export function sync(file: DiskFile): Operation<"ok" | PortError> {
  return ask(file, "sync a file", { do: "sync", dataOnly: false });
}

/**
 * As {@link sync}, but of what is known about the file only what is needed to read it: mostly one wait for the disk less.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#datasync/1 | file:datasync/1}
 */
export function datasync(file: DiskFile): Operation<"ok" | PortError> {
  return ask(file, "sync a file", { do: "sync", dataOnly: true });
}

/**
 * Makes a file `length` bytes long: what is behind that is cut off, what is missing is filled with zeros.
 *
 * @throws {@link KrarupError} `ERR_BAD_ARGUMENT` at once, for a length that is no integer >= 0
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#truncate/1 | file:truncate/1}
 */
export function truncate(file: DiskFile, length: number): Operation<"ok" | PortError> {
  checkCount("length", length);
  return ask(file, "truncate a file", { do: "truncate", length });
}

/** What the system knows about an open file, also when its path leads elsewhere by now. */
export function diskFileInfo(file: DiskFile): Operation<FileInfo | PortError> {
  return ask(file, "look at a file", { do: "info" });
}

/**
 * Closes a file, after what was asked of it before. Its owner, if it is this process, gets no exit signal.
 *
 * @returns `"ok"`, also when it was closed already; or what the system says of writing that it had put off: `"eio"`, `"edquot"`
 * @see {@link https://www.erlang.org/doc/apps/kernel/file.html#close/1 | file:close/1}
 */
export function closeFile(file: DiskFile): Operation<"ok" | PortError> {
  const closing: Operation<"ok" | PortError> = ask(file, "close a file", { do: "close" });
  return sequence(function* () {
    const answer = yield* closing;
    return answer !== "ok" && answer.code === "closed" ? "ok" : answer;
  });
}

/** The process of one open file. */
function* serveFile(self: Self<DiskFileInput>, owner: AnyPid, file: Handle): Steps<void> {
  for (;;) {
    const message = yield* self.receive();
    if (message.type === "EXIT" && (message.pid === owner || message.reason !== "normal")) exit(message.reason);
    if (message.type !== "$gen_call") continue;
    const { caller, command } = message.request;
    reply(message.from, yield* outcome(self, file, command));
    if (command.do !== "close") continue;
    if (caller === owner) unlink(owner);
    return;
  }
}

function* outcome(self: Self<DiskFileInput>, file: Handle, command: DiskFileCommand): Steps<unknown> {
  try {
    return (yield* self.await(perform(file, command))) ?? "ok";
  } catch (error) {
    return portError(`${command.do} a file`, systemCodeOf(error) ?? "einval");
  }
}

function perform(file: Handle, command: DiskFileCommand): PromiseLike<unknown> {
  switch (command.do) {
    case "read":
      return file.read(command.position, command.bytes);
    case "write":
      return file.write(command.position, command.data);
    case "sync":
      return file.sync(command.dataOnly);
    case "truncate":
      return file.truncate(command.length);
    case "info":
      return file.info();
    case "close":
      return file.close();
  }
}

function checkCount(name: string, count: number, min = 0, max = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(count) || count < min || count > max)
    throw tellMisuse(`${name} must be an integer from ${min} to ${max}`, count);
}

function tellMisuse(rule: string, value: unknown): KrarupError {
  return new KrarupError("ERR_BAD_ARGUMENT", `Cannot use a file as ${rule}: current value is ${brief(value)}`, value);
}
