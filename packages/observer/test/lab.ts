// A node whose time stands still, with an inspection directory of its own, made anew for each test of a file.

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNode, type Node, register, type Self, send, spawnLink, spawnOpt } from "@krarup/core";
import { type ManualPlatform, manualPlatform } from "@krarup/core/manual";
import { type Inspection, type InspectionOptions, startInspection } from "@krarup/observer";
import { connect, type InspectionClient } from "@krarup/observer/client";
import { afterEach, beforeEach } from "vitest";
import { FrameReader } from "../src/wire/frame-reader.ts";

export class Lab {
  readonly directory: string = mkdtempSync(join(tmpdir(), "krarup-test-"));
  readonly platform: ManualPlatform = manualPlatform();
  readonly node: Node = createNode({ platform: this.platform, name: "lab", reports: "none" });
  readonly #open: { close(): void }[] = [];

  /** Has `each` closed at the end of the test. */
  closing<T extends { close(): void }>(each: T): T {
    this.#open.push(each);
    return each;
  }

  async inspect(options: InspectionOptions = {}): Promise<Inspection> {
    const { node, directory } = this;
    const inspection = await startInspection(node, {
      directory,
      mode: "rw",
      entry: "lab.ts",
      ...options,
    });
    if (inspection === undefined) throw new Error("Inspection is off");
    this.closing({ close: () => inspection.stop() });
    return inspection;
  }

  async observer(options: InspectionOptions = {}): Promise<InspectionClient> {
    return this.closing(await connect((await this.inspect(options)).endpoint));
  }

  async rawSocket(endpoint: string): Promise<Socket> {
    const socket = createConnection(endpoint);
    this.closing({ close: () => socket.destroy() });
    await once(socket, "connect");
    return socket;
  }

  /** A process with a name and a label, and a child with two messages waiting; 1.5 s have passed since. */
  openShop(): void {
    spawnOpt(shop, [], { node: this.node });
    this.platform.settle();
    this.platform.advance(1_500);
  }

  close(): void {
    for (const each of this.#open.splice(0)) each.close();
    rmSync(this.directory, { recursive: true });
  }
}

/** The lab of the test that runs. */
export function useLab(): () => Lab {
  let lab: Lab | undefined;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab?.close());
  return () => {
    if (lab === undefined) throw new Error("There is no lab outside a test");
    return lab;
  };
}

export function* shop(self: Self<string>) {
  register("shop", self);
  self.setLabel("the shop");
  const clerk = spawnLink(function* clerk(own: Self<number>) {
    yield* own.receive((message): message is 3 => message === 3);
  });
  send(clerk, 1);
  send(clerk, 2);
  yield* self.receive();
}

/** Everything that comes until the other side closes. */
export async function answersOn(socket: Socket): Promise<unknown[]> {
  const reader = new FrameReader();
  const answers: unknown[] = [];
  // A socket without an encoding yields buffers.
  for await (const chunk of socket) for (const frame of reader.read(chunk as Buffer)) answers.push(frame);
  return answers;
}

/** Lets the event loop go round. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
