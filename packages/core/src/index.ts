// The front door of @krarup/core: every public name, grouped by floor from the top down.

import { streamHandler } from "./behaviours/log/log-stream.ts";
import { logOf } from "./behaviours/log/node-log.ts";
import { declareReporter, Node, type NodeOptions } from "./kernel/node.ts";
import type { Platform } from "./kernel/platform.ts";
import { declareDefaultNode } from "./kernel/current.ts";
import { defaultPlatform } from "./platforms/default.ts";

declareReporter((node) => logOf(node).setHandler("default", streamHandler()));
declareDefaultNode(() => new Node({ platform: defaultPlatform() }));

/** As {@link NodeOptions}, with the platform of the present environment as default. */
export type CreateNodeOptions = Omit<NodeOptions, "platform"> & { readonly platform?: Platform };

/**
 * Makes a node of its own: a scheduler with processes, names and timers that no other node shares.
 *
 * @example
 * ```ts
 * import { createNode, print, spawnOpt } from "@krarup/core";
 *
 * const node = createNode({ name: "lab" });
 * spawnOpt(function* () { print("hello from the lab"); }, [], { node });
 * node.processCount; // => 1
 * ```
 */
export function createNode(options: CreateNodeOptions = {}): Node {
  return new Node({ platform: defaultPlatform(), ...options });
}

export { cast } from "./behaviours/server/cast.ts";
export { ignore, refuse } from "./behaviours/init-refusal.ts";
export type { InitRefusal } from "./behaviours/init-refusal.ts";
export type { NoReply } from "./behaviours/server/named-requests.ts";
export { genServer } from "./behaviours/server/gen-server.ts";
export type {
  GenServer,
  ServerDefinition,
  ServerMessage,
  ServerName,
  ServerSelf,
} from "./behaviours/server/gen-server.ts";
export { enterLoop } from "./behaviours/server/enter-loop.ts";
export type { EnteredModule } from "./behaviours/server/enter-loop.ts";
export { startServer } from "./behaviours/server/server-module.ts";
export type {
  CallResult,
  CodeChangeResult,
  Eventually,
  InitResult,
  NoReplyResult,
  ServerAction,
  ServerModule,
} from "./behaviours/server/server-module.ts";
export { genStatem } from "./behaviours/statem/gen-statem.ts";
export type {
  GenStatem,
  HandlersIn,
  StateAt,
  StateDefinition,
  StateName,
  StatemDefinition,
  StatemMessage,
  StatemStart,
  StatesOf,
} from "./behaviours/statem/gen-statem.ts";
export type { AnyState, EnterSelf, StatemSelf, TimeoutTime } from "./behaviours/statem/statem-self.ts";
export { enterStatemLoop } from "./behaviours/statem/enter-statem-loop.ts";
export type { EnteredStatemModule } from "./behaviours/statem/enter-statem-loop.ts";
export { startStatem } from "./behaviours/statem/statem-module.ts";
export type {
  CallbackMode,
  EnterAction,
  HandleEventModule,
  ReplyAction,
  StateFunction,
  StateFunctionsModule,
  StatemAction,
  StatemActions,
  StatemCallbacks,
  StatemInit,
  StatemModule,
  StatemOptions,
  StatemResult,
  TimeoutAction,
} from "./behaviours/statem/statem-module.ts";
export type { EventType, TimeoutType } from "./behaviours/statem/statem-event.ts";
export { genEvent } from "./behaviours/event/gen-event.ts";
export type {
  AddResult,
  AnyEventHandler,
  EventHandlers,
  EventOf,
  GenEvent,
  HandlerArgs,
  HandlerClient,
  ManagerMessage,
  ManagerName,
} from "./behaviours/event/gen-event.ts";
export { eventHandler } from "./behaviours/event/event-handler.ts";
export type { EventHandler, EventHandlerDefinition, HandlerSelf } from "./behaviours/event/event-handler.ts";
export type { EventCallResult, EventInit, EventModule, EventResult } from "./behaviours/event/event-module.ts";
export type { HandlerExit, ManagerRequest, Notify } from "./behaviours/event/event-requests.ts";
export type { HandlerId } from "./behaviours/event/event-run.ts";
export type { Cast } from "./behaviours/server/server-body.ts";
export type { BehaviourOptions } from "./behaviours/start-behaviour.ts";
export { startMonitor } from "./behaviours/start-monitor.ts";
export { Task } from "./behaviours/task/task.ts";
export type { TaskValue } from "./behaviours/task/task.ts";
export type { TaskOutcome } from "./behaviours/task/task-answer.ts";
export type { YieldManyOptions } from "./behaviours/task/task-many.ts";
export type { TaskReply } from "./behaviours/task/task-process.ts";
export type { TaskStream, TaskStreamOptions } from "./behaviours/task/task-stream.ts";
export { Agent } from "./behaviours/agent.ts";
export type { AgentName, AgentPid, AgentRequest } from "./behaviours/agent.ts";
export { Registry } from "./behaviours/registry/registry.ts";
export type {
  RegisterResult,
  RegistryEntry,
  RegistryEvent,
  RegistryRow,
  UpdateValueResult,
} from "./behaviours/registry/registry.ts";
export type {
  RegistryMessage,
  RegistryName,
  RegistryOptions,
  RegistryPid,
} from "./behaviours/registry/registry-process.ts";
export type { RegistryKind } from "./behaviours/registry/registry-table.ts";
export { pg } from "./behaviours/groups/process-groups.ts";
export type { GroupChange } from "./behaviours/groups/process-groups.ts";
export { Table } from "./behaviours/table/table.ts";
export type { SetOptions } from "./behaviours/table/table.ts";
export { BagTable } from "./behaviours/table/table-bag.ts";
export type { BagOptions } from "./behaviours/table/table-bag.ts";
export { AnyTable, END_OF_TABLE } from "./behaviours/table/table-base.ts";
export type { TableInfo, TableObject, TableOptions, TableType } from "./behaviours/table/table-base.ts";
export type { CounterUpdate, CounterWrap, NumberField } from "./behaviours/table/table-counter.ts";
export type { ObjectTable } from "./behaviours/table/table-objects.ts";
export type { TableAccess, TableHeir, TableTransfer } from "./behaviours/table/table-ownership.ts";
export { AtomicArray } from "./behaviours/atomics.ts";
export type { AtomicOptions } from "./behaviours/atomics.ts";
export { Counters } from "./behaviours/counters.ts";
export { persistentTerm } from "./behaviours/persistent-term.ts";
export type { PersistentTerm } from "./behaviours/persistent-term.ts";
export { checkResponse, receiveResponse, sendRequest, waitResponse } from "./behaviours/server/send-request.ts";
export type { LabelledResult, RequestId, RequestIds, ResponseResult } from "./behaviours/server/pending-request.ts";
export { abcast, multiCall } from "./behaviours/server/multi-call.ts";
export type { MultiCallOptions, MultiCallResult } from "./behaviours/server/multi-call.ts";
export type { CodeChangeAnswer } from "./behaviours/code-change.ts";
export { changeCode, getState, getStatus, replaceState, resume, stop, suspend } from "./behaviours/sys.ts";
export type { BehaviourStatus } from "./behaviours/sys.ts";
export { sys } from "./behaviours/sys-debug.ts";
export type { BehaviourStatistics, DebugFunction, DebugOption, SystemEvent } from "./behaviours/debugging.ts";
export { logger } from "./behaviours/log/logger.ts";
export type { Logger, LogPrivacy, LogText } from "./behaviours/log/logger.ts";
export type { BurstLimit } from "./behaviours/log/log-burst.ts";
export type { CountedRestarts, CrashSupervision, SupervisorDecision } from "./behaviours/log/log-decision.ts";
export type { LogEvent, LogFields, LogMessage, LogMetadata } from "./behaviours/log/log-event.ts";
export type { LogFilter, LogHandler } from "./behaviours/log/log-handler.ts";
export { jsonEvent } from "./behaviours/log/log-json.ts";
export { LOG_LEVELS } from "./behaviours/log/log-level.ts";
export type { LogLevel, LogThreshold } from "./behaviours/log/log-level.ts";
export { prettyEvent } from "./behaviours/log/log-pretty.ts";
export { REDACTED_KEYS } from "./behaviours/log/log-redaction.ts";
export { streamHandler } from "./behaviours/log/log-stream.ts";
export type { StreamHandlerOptions } from "./behaviours/log/log-stream.ts";
export type { Sanitize } from "./behaviours/log/node-log.ts";
export { StartError } from "./behaviours/proc-lib.ts";

export { getDefaultNode, setDefaultNode } from "./kernel/current.ts";
export type { Node, NodeOptions } from "./kernel/node.ts";
export type {
  Platform,
  StrayError,
  CancelSignal,
  Cancellation,
  MinimalSignal,
  OwnerTracking,
} from "./kernel/platform.ts";
export type { KernelEvent, KernelEventType, CrashReport, Report } from "./kernel/events.ts";

export { spawn, spawnLink, spawnMonitor, spawnOpt } from "./kernel/spawn.ts";
export type { MailboxLimit, SpawnOptions } from "./kernel/spawn.ts";
export type { MailboxPolicy, Priority } from "./kernel/process.ts";
export type { ProcessBody, Self } from "./kernel/self.ts";
export type { Operation, Suspension } from "./kernel/operation.ts";
export type { ReceiveOperation } from "./kernel/receive.ts";

export { send } from "./kernel/send.ts";
export type { Destination, Name, SendOptions } from "./kernel/send.ts";
export { call, reply } from "./kernel/call.ts";
export type { CallInfo, CallOptions, From, Request } from "./kernel/call.ts";
export { exit, link, unlink } from "./kernel/signals.ts";
export { ExitException } from "./kernel/exit-exception.ts";
export { demonitor, monitor } from "./kernel/monitor.ts";
export type { DemonitorOptions, MonitorOptions } from "./kernel/monitor.ts";
export { Alias, alias, unalias } from "./kernel/alias.ts";
export { register, registered, unregister, whereis } from "./kernel/names.ts";
export type { NameRegistry, Via } from "./kernel/names.ts";
export { cancelTimer, monotonicTime, readTimer, sendAfter, sendInterval, startTimer } from "./kernel/send-after.ts";
export type { When } from "./kernel/send-after.ts";
export { makeRef, self } from "./kernel/identity.ts";
export { isAlive, isPid, processes, processInfo, waitingMessages } from "./kernel/process-info.ts";
export type { ProcessInfo } from "./kernel/process-info.ts";
export { dictionaryKey } from "./kernel/dictionary.ts";
export type { DictionaryKey } from "./kernel/dictionary.ts";
export { print, setGroupLeader } from "./kernel/output.ts";
export type { IoRequest } from "./kernel/output.ts";
export { brief, explainReason } from "./kernel/explain.ts";

export { immutable } from "./mechanisms/immutable.ts";
export { MESSAGE_LIMITS } from "./mechanisms/isolate.ts";
export type { MessageLimits } from "./mechanisms/isolate.ts";
export type { AliasMode } from "./mechanisms/monitors.ts";
export type { Matching, Pattern } from "./mechanisms/pattern.ts";

export { ERROR_CODES, KrarupError } from "./values/errors.ts";
export type { ErrorCode, OtpReason } from "./values/errors.ts";
export { isOrderly } from "./values/exit-reason.ts";
export type { ExitReason } from "./values/exit-reason.ts";
export type { AnyPid, NameAtNode, Pid } from "./values/pid.ts";
export { Ref } from "./values/ref.ts";
export { TIMEOUT } from "./values/system-messages.ts";
export type { Down, Exit, ResponseMessage, Timeout } from "./values/system-messages.ts";
