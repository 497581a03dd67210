// From nothing to a port: the process is there first, and answers when its driver is open or has failed.

import {
  type AnyPid,
  exit,
  type Exit,
  isAlive,
  link,
  type Operation,
  type Pid,
  type Self,
  TIMEOUT,
  unlink,
} from "@krarup/core";
import {
  currentNode,
  type InternalSpawnOptions,
  priorityOf,
  recordOf,
  startProcess,
  startSync,
} from "@krarup/core/internal";
import type { Active } from "./active.ts";
import { checkedOptions, type StreamOptions } from "./check-options.ts";
import type { Carrier, Driver, Held } from "./driver.ts";
import type { Framing } from "./framing.ts";
import { hold } from "./hold.ts";
import { PacketIntake, StreamIntake } from "./intake.ts";
import { PacketOutlet, StreamOutlet } from "./outlet.ts";
import { type PortError, portError, systemCodeOf } from "./port-error.ts";
import { type Ends, servePort, type ServeOptions } from "./port-process.ts";
import type { AnyPort, DriverChanged, Port, PortInput } from "./port-protocol.ts";
import { sequence, type Steps } from "./sequence.ts";

/** How a stream is read, common to every kind; its packets are of type `P`. */
export interface PortOptions<P = Uint8Array> extends PacketOptions {
  /** Default `"raw"`. */
  readonly framing?: Framing<P>;
  /** Bytes of one received packet or line; a longer one is `"emsgsize"` and closes the port. Default 1 MiB, at most 64. */
  readonly packetBytesMax?: number;
}

/** How packets are received. */
export interface PacketOptions {
  /** Default `false`: nothing comes unasked. OTP's default is `true`. */
  readonly active?: Active;
}

/** What a kind of port decides by itself. */
export interface OpenOptions<P = Uint8Array> extends PortOptions<P> {
  readonly exitOnClose?: boolean;
  readonly exitStatus?: boolean;
  readonly timeoutMs?: number | "infinity";
}

/** What is attempted. */
export interface Attempt {
  /** What kind of port it is: the name of what the process runs. */
  readonly kind: string;
  /** For the error: "connect to localhost:80". */
  readonly action: string;
  readonly timeoutMs: number | "infinity";
}

/** Makes a port over the stream of bytes that `open` makes, linked to the process that waits for it. */
export function openPort<P>(
  attempt: Attempt,
  options: OpenOptions<P>,
  open: () => Driver,
): Operation<Port<P> | PortError> {
  const checked = checkedOptions(options);
  return openServed<P, Driver>(attempt, open, (driver) => streamEnds(driver, checked), checked);
}

/** The same over packets that are whole: datagrams. @param sizeOf - bytes of a packet, for the counters */
export function openPacketPort<P>(
  attempt: Attempt,
  options: PacketOptions,
  open: () => Driver<P>,
  sizeOf: (packet: P) => number,
): Operation<Port<P> | PortError> {
  const { active } = checkedOptions(options);
  const ends = (driver: Driver<P>): Ends => ({
    driver,
    intake: new PacketIntake(driver, sizeOf),
    outlet: new PacketOutlet(driver, sizeOf),
  });
  return openServed<P, Driver<P>>(attempt, open, ends, { active, exitOnClose: true, exitStatus: false });
}

function openServed<P, D extends Carrier>(
  attempt: Attempt,
  open: () => D,
  endsOf: (driver: D) => Ends,
  options: ServeOptions,
): Operation<Port<P> | PortError> {
  return openHeld<D, PortInput>(attempt, open, (self, owner, driver) =>
    servePort(self, owner, endsOf(driver), options),
  );
}

function streamEnds(driver: Driver, { framing, packetBytesMax }: StreamOptions): Ends {
  return {
    driver,
    intake: new StreamIntake(driver, framing, packetBytesMax),
    outlet: new StreamOutlet(driver, framing),
  };
}

/**
 * Makes a process that holds what `open` makes and runs `serve` once it is open.
 *
 * @returns its pid; or an error, and then nothing is left of it
 */
export function openHeld<D extends Held, M>(
  { kind, action, timeoutMs }: Attempt,
  open: () => D,
  serve: (self: Self<M | DriverChanged | Exit>, owner: AnyPid, held: D) => Steps<void>,
): Operation<Pid<M> | PortError> {
  return sequence(function* (owner) {
    return yield* startSync<Pid<M> | PortError>((acknowledge) => {
      const body = function* (self: Self<M | DriverChanged | Exit>): Steps<void> {
        const held = yield* opened(self, owner, open, timeoutMs);
        if (typeof held !== "string") {
          acknowledge(self);
          return yield* serve(self, owner, held);
        }
        unlink(owner);
        acknowledge(portError(action, held));
      };
      return startProcess(currentNode(), body, [], { link: true, ...optionsFor(owner, kind) });
    }, "infinity");
  });
}

/** Makes a port for `owner`, which waits for it elsewhere, over a driver that is open already. */
export function openPortFor(
  owner: AnyPid,
  kind: string,
  options: StreamOptions,
  driver: Driver,
  ready: (port: AnyPort) => void,
): void {
  const body = function* (self: Self<PortInput>): Steps<void> {
    hold(self, driver);
    if (!isAlive(owner)) return;
    link(owner);
    ready(self);
    yield* servePort(self, owner, streamEnds(driver, options), options);
  };
  startProcess(recordOf(owner).node, body, [], optionsFor(owner, kind));
}

/** A process that is to answer before others is not kept waiting by its port. */
function optionsFor(owner: AnyPid, kind: string): InternalSpawnOptions {
  return { daemon: true, entry: kind, priority: priorityOf(recordOf(owner)) };
}

/** Makes a driver and waits until it is open. @returns the driver, or the code of why there is none */
function* opened<D extends Held, M>(
  self: Self<M | DriverChanged | Exit>,
  owner: AnyPid,
  open: () => D,
  timeoutMs: number | "infinity",
): Steps<D | string> {
  const held = madeOrCode(open);
  if (typeof held === "string") return held;
  hold(self, held);
  while (held.state.type === "opening") {
    // Nobody else knows the process yet; what comes is a step of the driver, of which there are few, or an exit signal.
    const message = yield* self.receive().after(timeoutMs);
    if (message === TIMEOUT) return "timeout";
    if (isExit(message) && (message.pid === owner || message.reason !== "normal")) exit(message.reason);
  }
  return held.state.type === "failed" ? held.state.code : held;
}

/** Some refusals of the system come at once: a command line that is too long. */
function madeOrCode<D>(open: () => D): D | string {
  try {
    return open();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === null) throw error;
    return code;
  }
}

function isExit(message: unknown): message is Exit {
  return typeof message === "object" && message !== null && "type" in message && message.type === "EXIT";
}
