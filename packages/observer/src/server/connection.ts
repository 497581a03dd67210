// One client, from its hello to its end.
//
// Requests are read as a loop over the socket, one after the other: while one is answered the socket is not read, and while the client
// does not take the answer no more of it is encoded. So a connection never holds more than one chunk of input, one frame in the making
// and one frame of output above the socket's own limits. Every wait has an end:
//
//   a begun frame, the hello among them   FRAME_DEADLINE_MS
//   a client that does not read           FRAME_DEADLINE_MS
//   silence                               IDLE_MS
//
// After bytes that are no frame the connection is closed: where the next frame would begin cannot be known.

import { once } from "node:events";
import type { Socket } from "node:net";
import { InspectionError } from "../errors.ts";
import { FRAME_DEADLINE_MS, IDLE_MS, PROTOCOL_VERSION, ROWS_PER_FRAME } from "../limits.ts";
import type { ErrorFrame, RequestFrame } from "../protocol.ts";
import { encodeFrame } from "../wire/codec.ts";
import { FrameReader } from "../wire/frame-reader.ts";
import { dispatch, type Inspected } from "./operations.ts";

/** Serves the client at `socket` until it leaves or breaks the rules. Never fails. */
export async function serveConnection(socket: Socket, inspected: Inspected): Promise<void> {
  const deadline = new FrameDeadline(socket);
  // The loop below hears of errors too; without a listener an error ends the program.
  socket.on("error", () => undefined);
  // An observer that looks does not keep the program from ending.
  socket.unref().setTimeout(IDLE_MS, () => socket.destroy());
  try {
    await readFrames(socket, deadline, new Session(socket, inspected));
  } catch (error) {
    // What is left over is the end of the connection, by either side, in any of the many ways Node has to say it.
    if (error instanceof InspectionError && socket.writable) socket.end(encodeFrame({ error: errorFrame(error) }));
  } finally {
    deadline.met();
    socket.destroySoon();
  }
}

async function readFrames(socket: Socket, deadline: FrameDeadline, session: Session): Promise<void> {
  const reader = new FrameReader();
  deadline.start();
  // A loop that is left early must not take away the socket, on which the reason is still to be sent.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    // A socket without an encoding yields buffers.
    for (const frame of reader.read(chunk as Buffer)) {
      deadline.met();
      await session.take(frame);
    }
    if (reader.isPartial) deadline.start();
  }
}

/** Closes the connection when something that has begun is not over in time. */
class FrameDeadline {
  readonly #socket: Socket;
  #timer: NodeJS.Timeout | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  start(): void {
    this.#timer ??= setTimeout(() => this.#socket.destroy(), FRAME_DEADLINE_MS).unref();
  }

  met(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** What a connection knows between its frames: whether the client has said hello. */
class Session {
  readonly #socket: Socket;
  readonly #inspected: Inspected;
  #hasGreeted = false;

  constructor(socket: Socket, inspected: Inspected) {
    this.#socket = socket;
    this.#inspected = inspected;
  }

  async take(frame: unknown): Promise<void> {
    if (this.#hasGreeted) await this.#answer(requestIn(frame));
    else await this.#greet(frame);
  }

  async #greet(frame: unknown): Promise<void> {
    const theirs = protocolIn(frame);
    const { name, mode } = this.#inspected.descriptor;
    // Said in any case: a client of another version must learn which one is spoken here.
    await this.#write({ hello: { protocol: PROTOCOL_VERSION, name, mode } });
    if (theirs !== PROTOCOL_VERSION)
      throw new InspectionError(
        "ERR_PROTOCOL",
        `Cannot serve a client of protocol ${theirs} as node ${name} speaks protocol ${PROTOCOL_VERSION}`,
      );
    this.#hasGreeted = true;
  }

  async #answer(request: RequestFrame): Promise<void> {
    for (const part of partsOf(request, this.#inspected)) await this.#write(part);
  }

  async #write(frame: unknown): Promise<void> {
    if (this.#socket.write(encodeFrame(frame))) return;
    await once(this.#socket, "drain", { signal: AbortSignal.timeout(FRAME_DEADLINE_MS) });
  }
}

/** The frames of an answer. */
function partsOf(request: RequestFrame, inspected: Inspected): unknown[] {
  const { id } = request;
  try {
    const { rows, ...end } = dispatch(inspected, request);
    const parts: unknown[] = [];
    for (let i = 0; i < rows.length; i += ROWS_PER_FRAME) parts.push({ id, rows: rows.slice(i, i + ROWS_PER_FRAME) });
    return [...parts, { id, end }];
  } catch (error) {
    return [{ id, error: errorFrame(error) }];
  }
}

function protocolIn(frame: unknown): number {
  const hello = fieldOf(frame, "hello");
  const protocol = fieldOf(hello, "protocol");
  if (typeof protocol === "number") return protocol;
  throw new InspectionError(
    "ERR_BAD_REQUEST",
    "Cannot serve a client as its first frame must be a hello with a protocol number",
  );
}

function requestIn(frame: unknown): RequestFrame {
  const id = fieldOf(frame, "id");
  const op = fieldOf(frame, "op");
  const args = fieldOf(frame, "args") ?? {};
  if (typeof id === "number" && typeof op === "string" && typeof args === "object")
    return { id, op, args: { ...args } };
  throw new InspectionError("ERR_BAD_REQUEST", "Cannot read a request as it must have an id, an op and args");
}

function fieldOf(frame: unknown, name: string): unknown {
  return typeof frame === "object" && frame !== null ? Object.getOwnPropertyDescriptor(frame, name)?.value : undefined;
}

function errorFrame(error: unknown): ErrorFrame {
  if (error instanceof InspectionError) return { code: error.code, message: error.message, hint: error.hint };
  const why = error instanceof Error ? error.message : "an unknown error";
  return { code: "ERR_INSPECTION_FAILED", message: `Cannot answer as the observer failed: ${why}` };
}
