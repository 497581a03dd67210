// The inside of a simulated child process: a node of its own, which runs the program until it is over.

import { createNode, type Node, type Self, spawnOpt, type Suspension } from "@krarup/core";
import { manualPlatform, type ManualPlatform } from "@krarup/core/manual";
import { orExit } from "@krarup/ports";
import { type ChildCommand, type Driver, openPort, type Outside, setOutside } from "@krarup/ports/internal";
import type { Clockwork } from "../time/clockwork.ts";
import { simulatedPlatform } from "../time/platform.ts";
import type { Executable } from "./program.ts";

/** What a child runs in. */
export interface ChildWorld {
  readonly clockwork: Clockwork;
  readonly seed: number;
  /** The world of its machine. */
  readonly rooms: () => Partial<Outside>;
}

/** Statuses as a shell gives them. */
const SIGTERM_STATUS = 143;
const SIGKILL_STATUS = 137;

/** One child that runs. */
export class ChildRunner {
  readonly #executable: Executable;
  readonly #clockwork: Clockwork;
  readonly #platform: ManualPlatform;
  readonly #node: Node;
  readonly #exited: (status: number) => void;
  #isOver = false;

  /** @param stdio - the child's end of its standard input and output */
  constructor(
    executable: Executable,
    command: ChildCommand,
    stdio: Driver,
    { clockwork, seed, rooms }: ChildWorld,
    exited: (status: number) => void,
  ) {
    this.#executable = executable;
    this.#exited = exited;
    this.#clockwork = clockwork;
    this.#platform = manualPlatform({ seed });
    clockwork.add(this.#platform);
    this.#node = createNode({
      name: command.executable,
      platform: simulatedPlatform(this.#platform, clockwork),
      reports: "none",
    });
    setOutside(this.#node, rooms());
    this.#run(command, stdio);
  }

  /** SIGTERM. */
  terminate(): void {
    if (this.#executable.ignoresSigterm !== true) this.#end(SIGTERM_STATUS);
  }

  /** SIGKILL. */
  kill(): void {
    this.#end(SIGKILL_STATUS);
  }

  /** The power has failed: it is gone, and nobody is told. */
  vanish(): void {
    this.#isOver = true;
    this.#halt();
  }

  #run({ executable, args, env }: ChildCommand, stdio: Driver): void {
    const { program } = this.#executable;
    let status = 1;
    const body = function* (self: Self<unknown>): Generator<Suspension, void, void> {
      const attempt = { kind: "stdio", action: "open stdio", timeoutMs: "infinity" } as const;
      const port = yield* orExit(openPort<Uint8Array>(attempt, { exitOnClose: false }, () => stdio));
      status = (yield* program(self, { args, env, stdio: port })) ?? 0;
    };
    spawnOpt(body, [], { node: this.#node, label: executable });
    // The last to end is the port, which hands over what was written.
    this.#node.subscribe(["exit"], () => {
      if (this.#node.processCount === 0) queueMicrotask(() => this.#end(status));
    });
  }

  #end(status: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#halt();
    this.#exited(status);
  }

  #halt(): void {
    this.#node.halt();
    this.#clockwork.remove(this.#platform);
  }
}
