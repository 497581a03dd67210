// A WebSocket over a simulated connection. A message is taken from the connection only when the one before was read.

import type { WebSocketMessage } from "@krarup/ports";
import type { CloseFrame, Driver, DriverState, Settled, WebSocketSettings } from "@krarup/ports/internal";
import { FLUSH_MS } from "@krarup/ports/internal";
import type { Agenda } from "../time/agenda.ts";
import { Deadline } from "./deadline.ts";
import { type Frame, frameBytes, FrameReader, type Opcode } from "./web-socket-frames.ts";

/** Codes of an orderly close; the last stands for none. */
const ORDERLY: readonly number[] = [1_000, 1_001, 1_005];
const NO_CODE = 1_005;
const UTF8: TextDecoder = new TextDecoder("utf-8", { fatal: true });
const TEXT = 1;

/** What is its own of one side. */
export interface SocketSide extends WebSocketSettings {
  readonly agenda: Agenda;
  /** What a client masks with; null for a server. */
  readonly mask: (() => Uint8Array) | null;
  /** Called once, when it is over. */
  readonly ended: () => void;
}

/** One side. */
export class SimulatedWebSocket implements Driver<WebSocketMessage> {
  readonly label: string;
  readonly isFull = false;
  readonly exitStatus = null;
  state: DriverState = { type: "opening" };
  readFailure: string | null = null;
  writeFailure: string | null = null;
  hasEnded = false;
  readonly #side: SocketSide;
  readonly #frames: FrameReader;
  readonly #pinging: Deadline;
  readonly #flush: Deadline;
  #socket: Driver | null = null;
  #arrived: WebSocketMessage | null = null;
  #parts: { readonly isText: boolean; readonly payloads: Uint8Array[]; bytes: number } | null = null;
  readonly #waiting: unknown[] = [];
  readonly #settled: Settled[] = [];
  #isAnswering = true;
  #hasSentClose = false;
  #isClosing = false;
  #listener: () => void = () => undefined;

  constructor(label: string, side: SocketSide) {
    this.label = label;
    this.#side = side;
    this.#frames = new FrameReader(side.messageBytesMax, side.mask === null);
    this.#pinging = new Deadline(side.agenda);
    this.#flush = new Deadline(side.agenda);
  }

  /** The handshake is over. @param rest - what has come beyond it */
  opened(socket: Driver, rest: Uint8Array): void {
    this.#socket = socket;
    this.#frames.push(rest);
    this.state = { type: "open" };
    socket.listen(() => this.#changed());
    this.#planPing();
    this.#side.agenda.after(0, () => this.#changed());
  }

  /** It will never be. */
  failed(code: string): void {
    if (this.state.type !== "opening") return;
    this.state = { type: "failed", code };
    this.#over();
  }

  read(): WebSocketMessage | null {
    this.#pull();
    const message = this.#arrived;
    this.#arrived = null;
    this.#pull();
    return message;
  }

  write(message: WebSocketMessage | CloseFrame): void {
    if (this.#socket === null || this.#hasSentClose || this.hasEnded) return this.#settle(message, "closed");
    if (typeof message === "string") this.#send(TEXT, Buffer.from(message));
    else if (message instanceof Uint8Array) this.#send(2, message);
    else if (!isCloseFrame(message)) return this.#settle(message, "einval");
    else this.#sendClose(message.code, message.reason);
    if (this.#socket.isFull) this.#waiting.push(message);
    else this.#settle(message, null);
  }

  takeSettled(): readonly Settled[] {
    return this.#settled.splice(0);
  }

  closeWrite(): void {
    // A WebSocket has no half that could be closed.
  }

  close(): void {
    if (this.#socket === null || this.hasEnded) return;
    this.#isClosing = true;
    this.#pinging.clear();
    this.#arrived = null;
    this.#sendClose(1_000, "");
    this.#flush.set(FLUSH_MS, () => this.#drop());
    this.#pull();
  }

  destroy(): void {
    if (this.#isClosing) return;
    this.#pinging.clear();
    this.#drop();
  }

  listen(changed: () => void): void {
    this.#listener = changed;
  }

  #changed(): void {
    const socket = this.#socket;
    if (socket === null || this.hasEnded) return;
    if (!socket.isFull) for (const packet of this.#waiting.splice(0)) this.#settled.push({ packet, code: null });
    this.#pull();
    this.#listener();
  }

  /** Takes frames until there is a message that nobody has read. */
  #pull(): void {
    while (this.#socket !== null && !this.hasEnded && this.#arrived === null) {
      const frame = this.#frames.next();
      if (typeof frame === "string") return this.#broken(frame);
      if (frame !== null) this.#take(frame);
      else if (!this.#readMore(this.#socket)) return;
    }
  }

  #readMore(socket: Driver): boolean {
    const bytes = socket.read();
    if (bytes !== null) this.#frames.push(bytes);
    else if (socket.hasEnded) this.#ended("econnreset");
    return bytes !== null;
  }

  #take({ opcode, isFinal, payload }: Frame): void {
    if (opcode === 8) return this.#takeClose(payload);
    if (opcode === 9 && !this.#hasSentClose) return this.#send(10, payload);
    if (opcode >= 9) {
      this.#isAnswering = true;
      return;
    }
    if ((opcode === 0) !== (this.#parts !== null)) return this.#broken("ebadmsg");
    const parts = this.#parts ?? { isText: opcode === TEXT, payloads: [], bytes: 0 };
    parts.payloads.push(payload);
    parts.bytes += payload.length;
    if (parts.bytes > this.#side.messageBytesMax) return this.#broken("emsgsize");
    this.#parts = isFinal ? null : parts;
    if (isFinal) this.#arrive(Buffer.concat(parts.payloads), parts.isText);
  }

  #arrive(bytes: Buffer, isText: boolean): void {
    if (this.#isClosing) return;
    try {
      this.#arrived = isText ? UTF8.decode(bytes) : new Uint8Array(bytes);
    } catch {
      this.#broken("ebadmsg");
    }
  }

  #takeClose(payload: Uint8Array): void {
    const code = payload.length < 2 ? NO_CODE : Buffer.from(payload).readUInt16BE(0);
    this.#sendClose(code === NO_CODE ? 1_000 : code, "");
    this.#ended(ORDERLY.includes(code) || this.#isClosing ? null : `close_${code}`);
  }

  /** The other side has broken the rules. */
  #broken(code: "emsgsize" | "ebadmsg"): void {
    this.#sendClose(code === "emsgsize" ? 1_009 : 1_002, "");
    this.#ended(code);
  }

  #sendClose(code: number, reason: string): void {
    if (this.#hasSentClose) return;
    const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
    payload.writeUInt16BE(code);
    payload.write(reason, 2);
    this.#send(8, payload);
    this.#hasSentClose = true;
  }

  #send(opcode: Opcode, payload: Uint8Array): void {
    if (!this.#hasSentClose) this.#socket?.write(frameBytes(opcode, payload, this.#side.mask?.() ?? null));
  }

  #planPing(): void {
    this.#pinging.set(this.#side.pingIntervalMs, () => this.#ping());
  }

  #ping(): void {
    // While nobody reads, an answer would not be seen.
    if (!this.#isAnswering && this.#arrived === null) {
      this.#ended("timeout");
      return this.#socket?.destroy();
    }
    this.#isAnswering = false;
    this.#send(9, new Uint8Array(0));
    this.#planPing();
  }

  #settle(packet: unknown, code: string | null): void {
    this.#settled.push({ packet, code });
    this.#listener();
  }

  #ended(failure: string | null): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.readFailure ??= failure;
    this.writeFailure ??= "closed";
    for (const packet of this.#waiting.splice(0)) this.#settled.push({ packet, code: "closed" });
    this.#socket?.close();
    this.#over();
  }

  #drop(): void {
    this.#socket?.destroy();
    this.#over();
  }

  #over(): void {
    this.#pinging.clear();
    this.#flush.clear();
    this.#side.ended();
    this.#listener();
  }
}

function isCloseFrame(frame: unknown): frame is CloseFrame {
  return typeof frame === "object" && frame !== null && "type" in frame && frame.type === "close";
}
