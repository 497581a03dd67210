// The process above the root of one application, registered as "application_master NAME".
//
//   application master
//      └── root supervisor
//             └── …
//
// It is the root's parent, so that nobody who merely started the application has to stay alive for it; it calls the callbacks, and its end
// is the end of the application.

import {
  type AnyPid,
  type Exit,
  genServer,
  isAlive,
  isPid,
  type Operation,
  type Ref,
  self,
  type ServerSelf,
} from "@krarup/core";
import { collect, isExitOf, leave, type Process, recordOf } from "@krarup/core/internal";
import type { Application, ApplicationCallback } from "./application.ts";
import { applicationEnded } from "./application-end.ts";
import { type ApplicationRun, applicationsOf } from "./application-table.ts";
import type { RestartType } from "./child-spec.ts";
import { shutDown } from "./shut-down.ts";
import { isWaiting, requireLinked } from "./start-child.ts";
import { Supervisor } from "./supervisor.ts";
import type { Step } from "./supervising-body.ts";

/** One start: what is to run, and, when it has come up, the root. */
export interface Birth {
  readonly application: Application;
  readonly type: RestartType;
  readonly args: readonly string[];
  root: AnyPid | undefined;
}

interface MasterState {
  readonly run: ApplicationRun;
  readonly root: AnyPid;
}

const Master = genServer({
  name: "application_master",
  *init(left: Ref): Step<MasterState> {
    // An application holds functions, and functions do not travel: startMaster left it.
    const birth = collect(left) as Birth;
    self<Exit>().trapExit();
    const me = recordOf(self());
    const run = begin(birth, me);
    const root = yield* startRoot(birth, me);
    applicationsOf(me.node).cameUp(run, root);
    birth.root = root;
    return { run, root };
  },
  call: {
    root: ({ state }: ServerSelf<MasterState>): AnyPid => state.root,
  },
  info(master, message) {
    if (isExitOf(message, master.state.root)) master.stop(message.reason);
  },
  terminate({ state: { run, root } }, reason) {
    run.reason = reason;
    return takeDown(run.application, root);
  },
  formatStatus: ({ run: { application, type }, root }) => ({ application: application.name, type, root }),
});

/** Under which the master of an application is registered, from the beginning of its start to its end. */
export function masterName(application: string): string {
  return `application_master ${application}`;
}

/** Starts the master of an application that has none, and waits for its root. */
export function startMaster(birth: Birth): Operation<AnyPid> {
  return Master.startOpt([leave(birth)], { name: masterName(birth.application.name) });
}

/** The root of an application that is being started: waits for it. */
export function rootOfMaster(application: string): Operation<AnyPid> {
  return Master.call(masterName(application), { timeoutMs: "infinity" }).root();
}

/** Enters a run. However its master ends, the kernel will tell. */
function begin({ application, type }: Birth, master: Process): ApplicationRun {
  const { node } = master;
  const run = { application, type, master, root: undefined, isStopping: false, reason: "killed" };
  applicationsOf(node).begin(run);
  node.resources.hold(master, { holderEnded: () => applicationEnded(node, run) });
  return run;
}

function* startRoot({ application, args }: Birth, master: Process): Step<AnyPid> {
  const env = applicationsOf(master.node).envOf(application.name).all();
  const root = application.start(args, { type: "normal", env });
  if (isPid(root)) return requireLinked(master, root);
  return isWaiting(root) ? requireLinked(master, yield* root) : yield* Supervisor.startLink(root);
}

/** Whatever fails on the way, the tree goes down and `stop` is called. */
function* takeDown({ prepStop, stop }: Application, root: AnyPid): Step {
  try {
    if (isAlive(root)) yield* waitFor(prepStop);
  } finally {
    try {
      yield* shutDown(recordOf(self()), root, "infinity");
    } finally {
      yield* waitFor(stop);
    }
  }
}

function* waitFor(callback: ApplicationCallback | undefined): Step {
  const waiting = callback?.();
  if (waiting !== undefined) yield* waiting;
}
