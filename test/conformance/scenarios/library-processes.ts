// Theme otpbase: what proc_lib does, the synchronous start and the crash reports.

import { type AnyPid, exit, monitor, type Operation, spawn, StartError, unlink } from "@krarup/core";
import { type Acknowledge, currentNode, startProcess, startSync } from "@krarup/core/internal";
import { raiseError } from "../stage/exceptions.ts";
import { drain, type Lab, type Scenarios, waitForever } from "../stage/lab.ts";
import { withoutPid } from "../stage/server.ts";
import type { AnySelf, Step } from "../stage/step.ts";

export const libraryProcesses: Scenarios = {
  *pl_start_link_sync(lab) {
    const p = yield* lab.puppet({ trapsExits: true });
    for (const [kind, body] of CHILDREN) {
      const children: AnyPid[] = [];
      const result = yield* p.does(() =>
        acknowledged(
          startSync<unknown>(
            (acknowledge) => {
              const child = startLibraryProcess((self) => body(self, acknowledge), true);
              children.push(child);
              return child;
            },
            kind === "timeout" ? 60 : "infinity",
          ),
        ),
      );
      lab.log("p", kind, withoutPid(result));
      yield* lab.settle();
      lab.log("p", "mail", yield* p.does(drain));
      yield* p.does(() => children.forEach((child) => unlink(child)));
      yield* lab.killSilently(...children);
    }
  },

  *pl_crash_reports(lab) {
    for (const [label, body] of ENDINGS) {
      let count = 0;
      const stopCounting = lab.node.subscribe(["crash"], (event) => {
        if (event.type === "crash" && event.report.isLibrary) count++;
      });
      yield* endProcess(lab, label, body);
      stopCounting();
      lab.log("s", label, count);
    }
  },
};

/** Starts a library process, or for `plain_error` a plain one, and waits for its end. */
function* endProcess(lab: Lab, label: string, body: Body): Step<void> {
  const pid = label === "plain_error" ? spawn(body) : startLibraryProcess(body, false);
  const life = monitor(pid);
  yield* lab.settle();
  if (label === "killed_by_signal") exit(pid, "kill");
  yield* lab.script.receive(life);
  yield* lab.settle();
}

function startLibraryProcess(body: Body, link: boolean): ReturnType<typeof startProcess> {
  return startProcess(currentNode(), body, [], { link, library: true });
}

/** What `proc_lib:start_link` returns: what was acknowledged, or `["error", reason]`. */
function* acknowledged(start: Operation<unknown>): Step<unknown> {
  try {
    return yield* start;
  } catch (failure) {
    if (failure instanceof StartError) return ["error", failure.reason];
    throw failure;
  }
}

/** Acknowledges `value` and waits for ever. */
function readyWith(value: (self: AnySelf) => unknown): ChildBody {
  return (self, acknowledge) => {
    acknowledge(value(self));
    return waitForever(self);
  };
}

/** Acknowledges `value` and raises exit `reason`. */
function readyAndGone(value: unknown, reason: unknown): ChildBody {
  return (_self, acknowledge) => {
    acknowledge(value);
    exit(reason);
  };
}

function* sleepLong(self: AnySelf): Step<void> {
  yield* self.sleep(5000);
}

type Body = (self: AnySelf) => Step<void> | void;
type ChildBody = (self: AnySelf, acknowledge: Acknowledge<unknown>) => Step<void> | void;

const CHILDREN: readonly (readonly [string, ChildBody])[] = [
  ["ack", readyWith((self) => ["ok", self])],
  ["ack_other", readyWith(() => "ready")],
  ["crash_before", () => raiseError("boom")],
  ["exit_before", () => exit("why")],
  ["return_before", () => undefined],
  ["ack_error", readyAndGone(["error", "no"], "no")],
  ["timeout", sleepLong],
  ["crash_after", readyAndGone("ready", "later")],
];

const ENDINGS: readonly (readonly [string, Body])[] = [
  ["normal", () => exit("normal")],
  ["shutdown", () => exit("shutdown")],
  ["shutdown_tuple", () => exit(["shutdown", "x"])],
  ["boom", () => exit("boom")],
  ["killed_by_signal", waitForever],
  ["error", () => raiseError("boom")],
  ["return", () => undefined],
  ["plain_error", () => raiseError("boom")],
];
