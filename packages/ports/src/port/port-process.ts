// The process that is a port. It belongs to its owner: it is linked to it, and ends when the owner ends, however that ended.
//
//   event loop ── driver ──"driver_changed"──► port ── data, passive, closed ──► owner
//                                               ▲
//                                               └── read, write, set_active … ── anybody
//
// The driver's callbacks do nothing but send "driver_changed", one at a time. Everything else happens here, in the port's own slices,
// so nothing that a peer does can run into the middle of something.
//
// It ends with "normal" once somebody has been told that the other side is closed; with the owner's reason when the owner ends; with the
// reason of any other exit signal. Whatever its end, its driver lets go: in order, or at once when it was killed.

import {
  type AnyPid,
  exit,
  type Exit,
  type From,
  link,
  type Pid,
  reply,
  type Request,
  type Self,
  unlink,
} from "@krarup/core";
import type { Carrier } from "./driver.ts";
import { portError } from "./port-error.ts";
import type { DriverChanged, PortInfo, PortInput, PortRequest } from "./port-protocol.ts";
import type { Active } from "./active.ts";
import type { Intake } from "./intake.ts";
import type { Outlet } from "./outlet.ts";
import { PortReader } from "./port-reader.ts";
import { PortWriter } from "./port-writer.ts";
import type { Steps } from "./sequence.ts";

/** How a port behaves, whatever its driver. */
export interface ServeOptions {
  readonly active: Active;
  /** Whether the port ends when the other side has closed, as OTP's `exit_on_close`; otherwise it can still be written to. */
  readonly exitOnClose: boolean;
  /** Whether the owner is told the exit status of what is behind the port. */
  readonly exitStatus: boolean;
}

/** What a port is between: a driver, and the packets that go in and out of it. */
export interface Ends {
  readonly driver: Carrier;
  readonly intake: Intake;
  readonly outlet: Outlet;
}

/** The end a port is heading for. */
interface Ending {
  readonly reason: unknown;
}

const NORMAL: Ending = { reason: "normal" };

/** Serves a driver, which is open, until the port ends. */
export function* servePort(self: Self<PortInput>, owner: AnyPid, ends: Ends, options: ServeOptions): Steps<void> {
  const port = new ServedPort(self, owner, ends, options);
  let ending = port.advance();
  while (ending === null) {
    if (port.wantsTurn) yield* self.yield();
    const message = port.wantsTurn ? yield* self.receive().after(0) : yield* self.receive();
    if (typeof message !== "symbol") ending = port.take(message);
    if (port.handshake !== null) ending = yield* secured(self, port, port.handshake);
    ending ??= port.advance();
  }
  port.finish();
  if (ending.reason !== "normal") exit(ending.reason);
}

/** A handshake that somebody waits for. */
interface Handshake {
  readonly from: From<unknown>;
  readonly timeoutMs: number | "infinity";
}

/** Waits for the end of a handshake. What is asked of the port meanwhile stays in its mailbox. */
function* secured(self: Self<PortInput>, port: ServedPort, handshake: Handshake): Steps<Ending | null> {
  while (port.isShakingHands) {
    const message = yield* self.receive(isNews).after(handshake.timeoutMs);
    const ending = typeof message === "symbol" ? port.endHandshake(handshake, "timeout") : port.take(message);
    if (ending !== null) return ending;
  }
  return port.endHandshake(handshake, port.failure);
}

function isNews(message: PortInput): message is Exit | DriverChanged {
  return message.type === "EXIT" || message.type === "driver_changed";
}

class ServedPort {
  readonly #self: Pid<PortInput>;
  readonly #driver: Carrier;
  readonly #intake: Intake;
  readonly #options: ServeOptions;
  readonly #reader: PortReader;
  readonly #writer: PortWriter;
  #hasToldStatus = false;
  /** Whether there is more to deliver than fits into one turn. */
  wantsTurn = false;
  handshake: Handshake | null = null;

  constructor(self: Pid<PortInput>, owner: AnyPid, { driver, intake, outlet }: Ends, options: ServeOptions) {
    this.#self = self;
    this.#driver = driver;
    this.#intake = intake;
    this.#options = options;
    this.#reader = new PortReader(self, owner, intake, options.active);
    this.#writer = new PortWriter(self, driver, outlet);
  }

  /** Does what can be done now. @returns the end, if it has come */
  advance(): Ending | null {
    this.#writer.advance();
    const outcome = this.#reader.pump();
    this.wantsTurn = outcome === "more";
    if (outcome === "more") return null;
    const hasFailed = outcome !== null && outcome.over !== "closed";
    if (this.#driver.exitStatus !== null && !hasFailed)
      return this.#childEnded(this.#driver.exitStatus, outcome !== null);
    if (outcome === null) return null;
    return this.#reader.tellEnd(outcome.over) && this.#endsAfter(outcome.over) ? NORMAL : null;
  }

  /** Takes one message. @returns the end, if it asks for that */
  take(message: PortInput): Ending | null {
    switch (message.type) {
      case "driver_changed":
        return null;
      case "expired":
        // Refs of requests are what replies go to.
        this.#reader.expire(message.from as From<unknown>);
        this.#writer.expire(message.from as From<unknown>); // as above
        return null;
      case "EXIT":
        return this.#exitSignal(message);
      case "$gen_call":
        return this.#serve(message);
      default:
        // Anybody can send anything to a pid.
        return null;
    }
  }

  /** Lets go of the driver in order. Who still waits for an answer learns of the end by its call, which fails. */
  finish(): void {
    this.#reader.tellOwner("closed");
    this.#intake.giveBack();
    this.#driver.close();
  }

  get isShakingHands(): boolean {
    return this.#driver.state.type === "opening";
  }

  /** Why the driver could not be opened again; null when it could. */
  get failure(): string | null {
    return this.#driver.state.type === "failed" ? this.#driver.state.code : null;
  }

  /** @returns the end of the port, which is no use after a handshake that has failed */
  endHandshake({ from }: Handshake, code: string | null): Ending | null {
    this.handshake = null;
    reply(from, code === null ? "ok" : portError("start TLS", code));
    return code === null ? null : NORMAL;
  }

  /** Whatever came before the handshake, and was not read, must not be read after it. */
  get #canStartTls(): boolean {
    const { active, readers, buffered } = this.#reader.info;
    return active === false && readers === 0 && buffered === 0 && this.#writer.info.writers === 0;
  }

  #endsAfter(code: string): boolean {
    return code !== "closed" || this.#options.exitOnClose;
  }

  /** The exit status is told when everything before it has been; in passive mode that is what the owner has not asked for yet. */
  #childEnded(status: number, isOver: boolean): Ending | null {
    this.#intake.peek();
    if (!this.#hasToldStatus && this.#options.exitStatus && (isOver || this.#reader.info.active === false)) {
      this.#hasToldStatus = true;
      this.#reader.tell({ type: "exit_status", port: this.#self, status });
    }
    if (!isOver && !this.#intake.isDrained) return null;
    return NORMAL;
  }

  #exitSignal({ pid, reason }: Exit): Ending | null {
    return pid === this.#reader.owner || reason !== "normal" ? { reason } : null;
  }

  #serve({ from, request }: Request<PortRequest, unknown>): Ending | null {
    const { caller, command } = request;
    switch (command.do) {
      case "read":
        this.#reader.read(caller, from, command);
        return null;
      case "write":
        this.#writer.write(caller, from, command);
        return null;
      case "set_active":
        this.#reader.setActive(from, command.active);
        return null;
      case "hold_back":
        this.#ifOwner(caller, from, () => this.#reader.holdBack());
        return null;
      case "give":
        this.#ifOwner(caller, from, () => this.#give(command.to));
        return null;
      case "info":
        reply(from, this.#info);
        return null;
      case "details":
        reply(
          from,
          this.#driver.details?.[command.of] ?? portError(`ask for what a port has of ${command.of}`, "einval"),
        );
        return null;
      case "start_tls":
        if (this.#canStartTls && this.#driver.secure?.(command.tls) === true)
          this.handshake = { from, timeoutMs: command.timeoutMs };
        else reply(from, portError("start TLS", "einval"));
        return null;
      case "close_write":
        this.#driver.closeWrite();
        reply(from, "ok");
        return null;
      case "close":
        // Who closes a port knows that it ends: no exit signal comes back.
        if (caller === this.#reader.owner) unlink(caller);
        reply(from, "ok");
        return NORMAL;
    }
  }

  #ifOwner(caller: AnyPid, from: From<unknown>, act: () => void): void {
    if (caller !== this.#reader.owner) return reply(from, portError("hand over a port", "not_owner"));
    act();
    reply(from, "ok");
  }

  #give(to: AnyPid): void {
    unlink(this.#reader.owner);
    this.#reader.giveTo(to);
    // To one that has ended, this sends the EXIT that ends the port.
    link(to);
  }

  get #info(): PortInfo {
    return { owner: this.#reader.owner, ...this.#reader.info, ...this.#writer.info };
  }
}
