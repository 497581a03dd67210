import type { Terminal } from "../show/terminal.ts";
export interface RunOptions {
  readonly entry: string;
  readonly args: readonly string[];
  readonly name: string | undefined;
  readonly stopTimeoutMs: number;
}
export function run(_terminal: Terminal, _options: RunOptions): Promise<number> {
  return Promise.resolve(0);
}
