// One measurement: one program in a process of its own, pinned to one processor where that can be done.

import { spawnSync } from "node:child_process";

/** How a system runs the workload it is given the words of. */
export interface System {
  readonly name: string;
  readonly isOurs: boolean;
  /** Program and arguments, to which the workload's words are added. */
  command(words: readonly string[]): readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a program printed: nanoseconds per operation, and other figures by name. */
export type Figures = Readonly<Record<string, number>> & {
  readonly n: number;
  readonly ns: number;
};

/** Exit code of a program that does not have the workload. */
const NOT_THERE = 3;
const LIMIT_MS = 600_000;

/** The processor that programs are pinned to, null where that cannot be done; the others are left to whatever else the machine does. */
export const PINNED_TO: number | null = canPin(1) ? 1 : null;

function canPin(processor: number): boolean {
  return spawnSync("taskset", ["-c", String(processor), "true"]).status === 0;
}

const pin: readonly string[] = PINNED_TO === null ? [] : ["taskset", "-c", String(PINNED_TO)];

/** Runs the workload once. @returns null when the system does not have it @throws when its program fails */
export function measure(system: System, words: readonly string[]): Figures | null {
  const [program, ...args] = [...pin, ...system.command(words)];
  if (program === undefined) throw new Error(`Cannot run ${system.name} as its command is empty`);
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, ...system.env },
    timeout: LIMIT_MS,
  });
  if (status === NOT_THERE) return null;
  const line = stdout?.trim().split("\n").at(-1) ?? "";
  if (status !== 0 || !line.startsWith("{"))
    throw new Error(
      `Cannot measure ${words.join(" ")} on ${system.name}: ${error?.message ?? `exit code ${status}`}\n${stderr}`,
    );
  // Each program prints its figures in this form; `n` and `ns` are looked at by the caller's arithmetic.
  return JSON.parse(line) as Figures;
}
