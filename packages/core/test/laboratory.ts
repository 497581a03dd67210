// A node that a test steps by hand, with a record of how its processes ended.

import {
  type AnyPid,
  createNode,
  type Node,
  type NodeOptions,
  type Pid,
  type Self,
  spawnOpt,
  type SpawnOptions,
  type Suspension,
} from "@krarup/core";
import { manualPlatform, type ManualOptions, type ManualPlatform } from "@krarup/core/manual";

/** A body for a test. */
export type Body<M, T = unknown> = (self: Self<M>) => Generator<Suspension, T, void>;

export interface Laboratory {
  readonly platform: ManualPlatform;
  readonly node: Node;
  /** Spawns and runs until quiet. */
  run<M>(body: Body<M>, options?: Omit<SpawnOptions, "node">): Pid<M>;
  /** Runs `body` in a process until quiet. @returns what it returned; throws what ended it otherwise */
  play<M, T>(body: Body<M, T>, options?: Omit<SpawnOptions, "node">): T;
  /** The reasons of all that ended so far. */
  readonly ends: ReadonlyMap<AnyPid, unknown>;
}

export function laboratory(
  options: Omit<NodeOptions, "platform"> & { readonly platform?: ManualOptions } = {},
): Laboratory {
  const platform = manualPlatform(options.platform);
  const node = createNode({ reports: "none", ...options, platform });
  const ends = new Map<AnyPid, unknown>();
  node.subscribe(["exit"], (event) => {
    if (event.type === "exit") ends.set(event.pid, event.reason);
  });
  const run: Laboratory["run"] = (body, spawnOptions) => {
    const pid = spawnOpt(body, [], { ...spawnOptions, node });
    platform.settle();
    return pid;
  };
  return { platform, node, run, ends, play: (body, spawnOptions) => play(run, ends, body, spawnOptions) };
}

function play<M, T>(
  run: Laboratory["run"],
  ends: ReadonlyMap<AnyPid, unknown>,
  body: Body<M, T>,
  options?: Omit<SpawnOptions, "node">,
): T {
  let outcome: { readonly value: T } | null = null;
  const pid = run(function* player(self: Self<M>) {
    outcome = { value: yield* body(self) };
  }, options);
  // The compiler does not see that the process has written it.
  const done = outcome as { readonly value: T } | null;
  if (done !== null) return done.value;
  throw ends.has(pid) ? ends.get(pid) : new Error("the process still waits");
}

/** A body that waits for ever. */
export function* idle(self: Self<unknown>): Generator<Suspension, void, void> {
  yield* self.receive(() => false);
}

/** What `act` threw, or undefined. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The code of what `act` threw, or what it threw if that has none. */
export function codeOf(act: () => unknown): unknown {
  const thrown = thrownBy(act);
  return typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : thrown;
}
