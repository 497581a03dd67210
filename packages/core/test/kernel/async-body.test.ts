import {
  call,
  type Exit,
  exit,
  type Pid,
  reply,
  type Request,
  type Self,
  send,
  setDefaultNode,
  spawnLink,
  spawnOpt,
  TIMEOUT,
} from "@krarup/core";
import { afterEach, describe, expect, it } from "vitest";
import { laboratory, type Laboratory } from "../laboratory.ts";

afterEach(() => setDefaultNode(null));

async function quiet({ platform }: Laboratory): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
    platform.settle();
  }
}

/** Runs an async body until nothing happens any more. */
async function runAsync<M>(lab: Laboratory, body: (self: Self<M>) => Promise<unknown>): Promise<Pid<M>> {
  const pid = spawnOpt(body, [], { node: lab.node });
  lab.platform.settle();
  await quiet(lab);
  return pid;
}

describe("an async body", () => {
  it("receives with await, in order", async () => {
    const lab = laboratory();
    const log: unknown[] = [];
    const pid = await runAsync(lab, async (self: Self<number>) => {
      for (;;) log.push(await self.receive());
    });
    for (const n of [1, 2, 3]) send(pid, n);
    await quiet(lab);
    expect(log).toEqual([1, 2, 3]);
  });

  it("receives selectively and with a time limit", async () => {
    const lab = laboratory();
    const log: unknown[] = [];
    const pid = await runAsync(lab, async (self: Self<string>) => {
      log.push(await self.receive((text) => text === "b"), await self.receive(), await self.receive().after(10));
    });
    send(pid, "a");
    send(pid, "b");
    await quiet(lab);
    lab.platform.advance(10);
    await quiet(lab);
    expect(log).toEqual(["b", "a", TIMEOUT]);
  });

  it("ends with normal when it returns, and with the error that rejects it", async () => {
    const lab = laboratory();
    const [good, bad] = [
      await runAsync(lab, () => Promise.resolve(5)),
      await runAsync(lab, async () => {
        await Promise.resolve();
        throw new RangeError("x");
      }),
    ];
    expect([lab.ends.get(good), lab.ends.get(bad)]).toEqual(["normal", expect.objectContaining({ message: "x" })]);
  });

  it("that throws before its first await ends the same way", async () => {
    const lab = laboratory();
    expect(lab.ends.get(await runAsync(lab, () => Promise.reject(new Error("early"))))).toMatchObject({
      message: "early",
    });
  });

  it("may be ended while it waits, and is never told", async () => {
    const lab = laboratory();
    const log: string[] = [];
    const pid = await runAsync(lab, async (self: Self) => {
      try {
        await self.receive();
      } catch {
        log.push("catch");
      } finally {
        log.push("finally");
      }
    });
    exit(pid, "kill");
    await quiet(lab);
    expect([lab.ends.get(pid), log]).toEqual(["killed", []]);
  });

  it("whose error comes after its end is reported as stray", async () => {
    const lab = laboratory();
    const { promise, reject } = Promise.withResolvers<never>();
    const strays: unknown[] = [];
    lab.node.subscribe(["stray"], (event) => {
      if (event.type === "stray") strays.push(event.error, event.pid);
    });
    const pid = await runAsync(lab, () => promise);
    exit(pid, "kill");
    reject(new Error("late"));
    await quiet(lab);
    expect([strays[0], strays[1] === pid]).toEqual([new Error("late"), true]);
  });

  it("that never settles can be ended", async () => {
    const lab = laboratory();
    const pid = await runAsync(lab, () => new Promise(() => undefined));
    expect(lab.node.processCount).toBe(1);
    exit(pid, "kill");
    expect(lab.node.processCount).toBe(0);
  });

  it("cannot wait for two things at once", async () => {
    const lab = laboratory();
    const log: unknown[] = [];
    const pid = await runAsync(lab, async (self: Self<string>) => {
      const results = await Promise.allSettled([self.receive(), self.receive()]);
      log.push(...results.map((result) => (result.status === "fulfilled" ? result.value : result.reason.code)));
    });
    send(pid, "x");
    await quiet(lab);
    expect(log).toEqual(["x", "ERR_BUSY_PROCESS"]);
  });

  it("traps exits like any other", async () => {
    const lab = laboratory();
    const log: unknown[] = [];
    await runAsync(lab, async (self: Self<Exit>) => {
      self.trapExit();
      spawnLink(function* () {
        throw new Error("x");
      });
      log.push((await self.receive()).type);
    });
    expect(log).toEqual(["EXIT"]);
  });
});

describe("await outside any process", () => {
  it("runs the operation in a short-lived process of the default node", async () => {
    const lab = laboratory();
    setDefaultNode(lab.node);
    const server = lab.run(function* (self: Self<Request<number, number>>) {
      const { from, request } = yield* self.receive();
      reply(from, request * 2);
      yield* self.receive();
    });
    const answer = call(server, 21).then((value) => value);
    await quiet(lab);
    expect([await answer, lab.node.processCount]).toEqual([42, 1]);
  });

  it("rejects with what the operation throws", async () => {
    const lab = laboratory();
    setDefaultNode(lab.node);
    const failure = call("nobody", 1).then(
      () => "none",
      (error: { reason: unknown[] }) => error.reason[0],
    );
    await quiet(lab);
    expect(await failure).toBe("noproc");
  });
});
