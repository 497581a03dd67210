// The front door of @krarup/testing.

export { simulation, Simulation } from "./simulation.ts";
export type { Play, RunOptions, SimulationOptions } from "./simulation.ts";
export { Machine } from "./machine.ts";
export type { MachineOptions } from "./machine.ts";
export type { ChildContext, Program, ProgramOptions } from "./children/program.ts";
export { Probe } from "./probe.ts";
export type { WaitOptions } from "./probe.ts";
export { Network } from "./network/network.ts";
export type { LinkOptions } from "./network/link.ts";
export type { NameServiceOptions, RecordsOf } from "./network/name-service.ts";
export { Disk } from "./disk/disk.ts";
export type { DiskOptions } from "./disk/faults.ts";
export type { ThreadOptions } from "./threads/simulated-threads.ts";
export type { Amount } from "./chance.ts";
