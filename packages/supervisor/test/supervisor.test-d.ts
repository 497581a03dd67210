import { type AnyPid, genServer, type Operation, type Pid, spawn, spawnLink } from "@krarup/core";
import {
  application,
  type ChildSpec,
  DynamicSupervisor,
  type DynamicSupervisorPid,
  Supervisor,
  type SupervisorPid,
} from "@krarup/supervisor";
import { describe, expectTypeOf, it } from "vitest";

declare const supervisor: SupervisorPid;
declare const dynamic: DynamicSupervisorPid;
declare const strings: Pid<string>;
declare const pid: AnyPid;

describe("a child spec", () => {
  it("takes start functions of every form", () => {
    const Counter = genServer({ init: (start: number) => ({ count: start }) });
    const start = () => spawnLink(function* () {});
    expectTypeOf({ id: "a", start }).toExtend<ChildSpec>();
    expectTypeOf({ id: 1, start: () => Counter.startLink(1) }).toExtend<ChildSpec>();
    expectTypeOf({ id: "a", start: () => Supervisor.startLink({}) }).toExtend<ChildSpec>();
    void Supervisor.startLink({
      children: [
        {
          id: "a",
          *start() {
            return yield* Counter.startLink(1);
          },
        },
      ],
    });
  });

  it("takes nothing else", () => {
    const start = () => spawn(function* () {});
    // @ts-expect-error -- a promise cannot be waited for in a supervisor
    void Supervisor.startLink({ children: [{ id: "a", start: () => Promise.resolve(pid) }] });
    // @ts-expect-error -- it must return a pid
    void Supervisor.startLink({ children: [{ id: "a", start: () => undefined }] });
    // @ts-expect-error -- a child of a supervisor has an id
    void Supervisor.startLink({ children: [{ start }] });
    // @ts-expect-error -- not one of Erlang's words
    void Supervisor.startLink({ children: [{ id: "a", start, restart: "always" }] });
    // @ts-expect-error -- not one of Erlang's words
    void Supervisor.startLink({ children: [{ id: "a", start, shutdown: "kill" }] });
    // @ts-expect-error -- not one of Erlang's words
    void Supervisor.startLink({ strategy: "simple_one_for_one" });
    // @ts-expect-error -- a misspelt option
    void Supervisor.startLink({ period: 5 });
  });
});

describe("startChild", () => {
  it("knows what the child understands", () => {
    const result = Supervisor.startChild(supervisor, { id: "a", start: () => strings });
    expectTypeOf(result).toExtend<Operation<{ readonly type: string }>>();
    expectTypeOf(DynamicSupervisor.startChild(dynamic, { start: () => strings })).not.toBeAny();
  });

  it("has its pid only when it was started", () => {
    void function* () {
      const result = yield* Supervisor.startChild(supervisor, { id: "a", start: () => strings });
      // @ts-expect-error -- there may be none
      void result.pid;
      if (result.type === "ok") expectTypeOf(result.pid).toEqualTypeOf<Pid<string>>();
    };
  });
});

describe("a dynamic supervisor", () => {
  it("is no supervisor with ids, nor the other way round", () => {
    void DynamicSupervisor.terminateChild(dynamic, pid);
    // @ts-expect-error -- its children have no ids
    void Supervisor.terminateChild(dynamic, "a");
    // @ts-expect-error -- its children have ids
    void DynamicSupervisor.terminateChild(supervisor, pid);
    // @ts-expect-error -- children are known by their pids
    void DynamicSupervisor.terminateChild(dynamic, "a");
    // @ts-expect-error -- children cannot be significant
    void DynamicSupervisor.startChild(dynamic, { start: () => strings, significant: true });
  });
});

describe("an application", () => {
  it("starts from a spec or starts its root itself", () => {
    application({ name: "a", start: () => ({ children: [] }) });
    application({ name: "a", start: () => Supervisor.startLink({}) });
    // @ts-expect-error -- an application has a root
    application({ name: "a", start: () => undefined });
    // @ts-expect-error -- a promise cannot be waited for
    application({ name: "a", start: () => Promise.resolve(strings) });
  });
});
