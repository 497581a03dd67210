// The server's side of one simulated connection that speaks HTTP/1.1. Requests are read as long as not too many are under way; their responses
// go out in the order in which the requests came.

import type { WebSocketMessage } from "@krarup/ports";
import {
  type AcceptSettings,
  type Driver,
  type HttpServerSettings,
  LINGER_MS,
  PIPELINE_MAX,
  type RequestHead,
} from "@krarup/ports/internal";
import type { Agenda } from "../time/agenda.ts";
import { Deadline } from "./deadline.ts";
import { type MessageHead, MessageReader } from "./message-reader.ts";
import { type Carries, SimulatedExchange } from "./simulated-exchange.ts";
import { acceptSimulated } from "./web-socket-handshake.ts";

const REQUEST_LINE = /^([A-Z][A-Z-]*) (\S+) HTTP\/(1\.[01])$/;

/** What Node adds when it answers a request that does not say to which host it goes. */
const NO_HOST = "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

/** What a server is told of its connections. */
export interface ConnectionEvents {
  arrived(exchange: SimulatedExchange): void;
  over(exchange: SimulatedExchange): void;
  upgraded(connection: ServerConnection): void;
  closed(connection: ServerConnection): void;
}

/** One connection. */
export class ServerConnection implements Carries {
  readonly agenda: Agenda;
  readonly #socket: Driver;
  readonly #peer: string;
  readonly #settings: HttpServerSettings;
  readonly #events: ConnectionEvents;
  readonly #reader: MessageReader;
  readonly #message: Deadline;
  readonly #stall: Deadline;
  readonly #linger: Deadline;
  /** Those whose responses are not out, in the order of the requests. */
  #underway: SimulatedExchange[] = [];
  /** The request that is being read. */
  #current: SimulatedExchange | null = null;
  #isReading = false;
  #hasSpoken = false;
  #headBegan = false;
  #startedMs: number;
  #isDone = false;

  /** @param peer - the client's address */
  constructor(socket: Driver, peer: string, agenda: Agenda, settings: HttpServerSettings, events: ConnectionEvents) {
    this.agenda = agenda;
    this.#socket = socket;
    this.#peer = peer;
    this.#settings = settings;
    this.#events = events;
    const { headerBytesMax, headersTimeoutMs } = settings;
    const otherwise = (): number => 0;
    const firstLine = REQUEST_LINE;
    this.#reader = new MessageReader(socket, { firstLine, headerBytesMax, otherwise, isBodiless: () => false });
    this.#message = new Deadline(agenda);
    this.#stall = new Deadline(agenda);
    this.#linger = new Deadline(agenda);
    this.#startedMs = agenda.nowMs;
    this.#message.set(headersTimeoutMs, () => this.#refuse("408 Request Timeout"));
    socket.listen(() => this.#changed());
  }

  /** Reads what is there already. */
  begin(): void {
    this.#changed();
  }

  get bodyBytesMax(): number {
    return this.#settings.bodyBytesMax;
  }

  get keepAliveTimeoutMs(): number {
    return this.#settings.keepAliveTimeoutMs;
  }

  get underway(): readonly SimulatedExchange[] {
    return this.#underway;
  }

  get isFull(): boolean {
    return this.#socket.isFull;
  }

  /** Without a request, or a part of one. */
  get isIdle(): boolean {
    return this.#underway.length === 0 && this.#current === null && !this.#reader.hasBegun;
  }

  write(bytes: Uint8Array): void {
    if (!this.#isDone) this.#socket.write(bytes);
  }

  readOn(): void {
    // Whoever takes a part is in the middle of something.
    this.agenda.after(0, () => this.#read());
  }

  over(exchange: SimulatedExchange): void {
    this.#events.over(exchange);
    if (this.#isDone) return;
    if (!exchange.isComplete) this.#linger.set(LINGER_MS, () => this.cutOff());
    this.#advance();
    this.readOn();
  }

  cutOff(): void {
    if (this.#isDone) return;
    this.#end();
    this.#socket.destroy();
  }

  /** Closes after what was written. */
  close(): void {
    if (this.#isDone) return;
    this.#end();
    this.#socket.close();
  }

  upgrade(exchange: SimulatedExchange, settings: AcceptSettings): Driver<WebSocketMessage> | null {
    if (!wantsUpgrade(exchange.head)) return null;
    this.#isDone = true;
    this.#clear();
    this.#events.upgraded(this);
    const ended = (): void => this.#events.closed(this);
    return acceptSimulated(exchange.head, this.#socket, this.#reader.rest(), {
      ...settings,
      agenda: this.agenda,
      ended,
    });
  }

  #changed(): void {
    if (this.#isDone) return;
    if (this.#socket.readFailure !== null || this.#socket.writeFailure !== null) return this.cutOff();
    const [first] = this.#underway;
    if (first !== undefined && !this.#socket.isFull) first.changed();
    this.#read();
    this.#watchStall();
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    while (!this.#isDone && this.#mayRead && this.#take());
    this.#isReading = false;
  }

  get #mayRead(): boolean {
    if (this.#current !== null) return this.#current.wantsBody;
    const last = this.#underway.at(-1);
    // What follows a request to change the protocol is no longer HTTP.
    return this.#underway.length < PIPELINE_MAX && !(last !== undefined && wantsUpgrade(last.head));
  }

  /** Takes one part. @returns whether there may be another */
  #take(): boolean {
    const part = this.#reader.next();
    switch (part.type) {
      case "head":
        this.#arrive(part.head);
        return true;
      case "bytes":
        this.#current?.arrive(part.bytes);
        return true;
      case "end":
        this.#complete();
        return true;
      case "wait":
        this.#watchHead();
        return false;
      case "closed":
        this.close();
        return false;
      case "bad":
        this.#refuse(part.code === "hpe_header_overflow" ? "431 Request Header Fields Too Large" : "400 Bad Request");
        return false;
    }
  }

  #arrive({ first: [method = "", target = "", version = ""], headers }: MessageHead): void {
    if (version === "1.1" && headers["host"] === undefined) return this.#refuse("400 Bad Request", NO_HOST);
    const exchange = new SimulatedExchange({ method, target, version, headers, peer: this.#peer }, this);
    this.#hasSpoken = true;
    this.#headBegan = false;
    this.#current = exchange;
    this.#underway.push(exchange);
    const leftMs = this.#settings.requestTimeoutMs - (this.agenda.nowMs - this.#startedMs);
    this.#message.set(Math.max(0, leftMs), () => this.#tooSlow(exchange));
    if (wantsUpgrade(exchange.head)) exchange.isLast = true;
    if (this.#underway.length === 1) exchange.takeTurn();
    this.#events.arrived(exchange);
  }

  #complete(): void {
    this.#current?.complete();
    this.#current = null;
    this.#message.clear();
    this.#linger.clear();
    if (this.#underway.length === 0) this.#waitForNext();
  }

  /** Responses whose turn has come go out. */
  #advance(): void {
    while (this.#underway[0]?.isOver === true) {
      const done = this.#underway.shift();
      if (done?.isLast === true) return this.#closeAfter(done);
      this.#underway[0]?.takeTurn();
    }
    if (this.#underway.length === 0 && this.#current === null) this.#waitForNext();
  }

  /** A client that still sends would be reset by a close, and might never see the answer. */
  #closeAfter(exchange: SimulatedExchange): void {
    if (exchange.isComplete) return this.close();
    this.#socket.closeWrite();
    this.#linger.set(LINGER_MS, () => this.cutOff());
  }

  #waitForNext(): void {
    this.#startedMs = this.agenda.nowMs;
    if (!this.#reader.hasBegun) this.#message.set(this.keepAliveTimeoutMs, () => this.close());
  }

  /** The time for a head begins with its first byte, that of the first one with the connection. */
  #watchHead(): void {
    if (!this.#reader.hasBegun || !this.#hasSpoken || this.#headBegan) return;
    this.#headBegan = true;
    this.#startedMs = this.agenda.nowMs;
    this.#message.set(this.#settings.headersTimeoutMs, () => this.#refuse("408 Request Timeout"));
  }

  /** A client whose request is being handled waits for us, not we for it. */
  #watchStall(): void {
    if (this.#isDone) return;
    this.#stall.set(this.#settings.stallTimeoutMs, () => {
      if (this.#underway.every(({ isClientsTurn }) => isClientsTurn)) this.cutOff();
      else this.#watchStall();
    });
  }

  #tooSlow(exchange: SimulatedExchange): void {
    if (exchange.isOver || exchange.hasBegun) this.cutOff();
    else this.#refuse("408 Request Timeout");
  }

  /** What is no request has no handler. */
  #refuse(status: string, rest = "\r\n"): void {
    if (this.#isDone) return;
    if (this.#underway.every(({ hasBegun }) => !hasBegun))
      this.write(Buffer.from(`HTTP/1.1 ${status}\r\nConnection: close\r\n${rest}`));
    this.close();
  }

  #end(): void {
    this.#isDone = true;
    this.#clear();
    const underway = this.#underway;
    this.#underway = [];
    for (const exchange of underway) exchange.connectionClosed();
    this.#events.closed(this);
  }

  #clear(): void {
    this.#message.clear();
    this.#stall.clear();
    this.#linger.clear();
  }
}

/** Whether a request asks for another protocol. */
function wantsUpgrade({ headers }: RequestHead): boolean {
  return /\bupgrade\b/i.test(headers["connection"] ?? "") && headers["upgrade"]?.toLowerCase() === "websocket";
}
