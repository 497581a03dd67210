import { Agent, type AgentPid, type AnyPid, call, type Pid, type Request, Task, type TaskOutcome } from "@krarup/core";
import { describe, expectTypeOf, it } from "vitest";

declare const server: Pid<Request<number, string>>;
declare const numbers: AgentPid<number>;

describe("a task", () => {
  it("has the type of what its function returns, waits for, or promises", () => {
    expectTypeOf(Task.async((n: number) => n > 1, 2)).toEqualTypeOf<Task<boolean>>();
    expectTypeOf(
      Task.async(function* (): Generator<never, Date, void> {
        return new Date(0);
      }),
    ).toEqualTypeOf<Task<Date>>();
    expectTypeOf(Task.async(() => Promise.resolve("x"))).toEqualTypeOf<Task<string>>();
    expectTypeOf(Task.async(() => call<number, string>(server, 1))).toEqualTypeOf<Task<string>>();
  });

  it("takes the function's arguments and no others", () => {
    const double = (n: number): number => n * 2;
    Task.async(double, 1);
    // @ts-expect-error a string is no number
    Task.async(double, "1");
    // @ts-expect-error it takes one argument
    Task.async(double);
    expectTypeOf(Task.startLink(double, 1)).toEqualTypeOf<AnyPid>();
  });

  it("gives its value to those who wait", () =>
    void function* () {
      const task = Task.async(() => 1);
      expectTypeOf(yield* Task.await(task)).toEqualTypeOf<number>();
      expectTypeOf(yield* Task.awaitMany([task])).toEqualTypeOf<number[]>();
      expectTypeOf(yield* Task.yield(task)).toEqualTypeOf<TaskOutcome<number> | undefined>();
      expectTypeOf(yield* Task.shutdown(task)).toEqualTypeOf<TaskOutcome<number> | undefined>();
    });

  it("streams what the function makes of an item", () =>
    void function* () {
      const stream = Task.asyncStream(["a"], (word) => word.length, { maxConcurrency: 1 });
      expectTypeOf(yield* stream.collect()).toEqualTypeOf<TaskOutcome<number>[]>();
      // @ts-expect-error maxConcurrency has no default
      Task.asyncStream(["a"], (word) => word.length, {});
    });
});

describe("an agent", () => {
  it("hands its state to functions that fit", () =>
    void function* () {
      expectTypeOf(yield* Agent.get(numbers, (n) => String(n))).toEqualTypeOf<string>();
      expectTypeOf(yield* Agent.getAndUpdate(numbers, (n) => [n > 1, n])).toEqualTypeOf<boolean>();
      // @ts-expect-error the state is a number
      yield* Agent.update(numbers, () => "x");
      // @ts-expect-error the state is a number
      Agent.cast(numbers, (text: string) => text);
      expectTypeOf(yield* Agent.start(() => ["a"])).toEqualTypeOf<AgentPid<string[]>>();
    });
});
