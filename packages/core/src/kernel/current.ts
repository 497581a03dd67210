// Which process and which node a free function acts for.

import { KrarupError } from "../values/errors.ts";
import { asyncOwners, runFor } from "./async-body.ts";
import { cpu } from "./cpu.ts";
import { notInProcess } from "./misuse.ts";
import type { Node } from "./node.ts";
import { declareOutsideRunner, type KernelOperation, type Suspension } from "./operation.ts";
import { ASYNC, isLiving, Process } from "./process.ts";
import { startProcess } from "./spawn.ts";

let defaultNode: Node | null = null;
let makeDefaultNode: (() => Node) | null = null;

/** Says how the default node is made, should anybody need it. Called once by the entry point of the package. */
export function declareDefaultNode(make: () => Node): void {
  makeDefaultNode = make;
}

/** The node on which code outside any process acts; made on first use. */
export function getDefaultNode(): Node {
  if (defaultNode !== null) return defaultNode;
  if (makeDefaultNode === null)
    throw new KrarupError("ERR_NOT_IN_PROCESS", "Cannot find a default node: create one with createNode");
  defaultNode = makeDefaultNode();
  return defaultNode;
}

/** Makes `node` the one on which code outside any process acts; null forgets it. */
export function setDefaultNode(node: Node | null): void {
  defaultNode = node;
}

/** The process for which code runs: on the processor, or the async body that the platform's owner tracking names. */
export function currentProcess(): Process | null {
  if (cpu.process !== null || asyncOwners.size === 0) return cpu.process;
  for (const tracking of asyncOwners) {
    const owner = tracking.current();
    if (owner instanceof Process && (owner.flags & ASYNC) !== 0 && isLiving(owner)) return owner;
  }
  return null;
}

/** As {@link currentProcess}. @throws {@link KrarupError} `ERR_NOT_IN_PROCESS` */
export function requireProcess(action: string): Process {
  const process = currentProcess();
  if (process === null) throw notInProcess(action);
  return process;
}

/** The node of the running process, or the default node. */
export function currentNode(): Node {
  return currentProcess()?.node ?? getDefaultNode();
}

function runOutside<T>(operation: KernelOperation<T>): Promise<T> {
  const process = currentProcess();
  if (process !== null && process !== cpu.process) return runFor(process, operation);
  return new Promise<T>((resolve, reject) => {
    startProcess(currentNode(), client, [operation, resolve, reject], {});
  });
}

/** The short-lived process that waits on behalf of code outside any process. */
function* client<T>(
  _self: unknown,
  operation: KernelOperation<T>,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): Generator<Suspension, void, void> {
  try {
    resolve(yield* operation);
  } catch (error) {
    reject(error);
  }
}

declareOutsideRunner(runOutside);
