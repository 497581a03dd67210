import {
  call,
  type Down,
  exit,
  monitor,
  type Pid,
  processInfo,
  type Request,
  type Self,
  send,
  spawn,
} from "@krarup/core";
import { describe, expect, it } from "vitest";
import { YoungWaits } from "../../src/kernel/young-waits.ts";
import { laboratory } from "../laboratory.ts";

type Ask = Request<"ask", never>;

/** A server that never answers. */
function* silent(self: Self<Ask>) {
  for (;;) yield* self.receive();
}

/** A wait that notes what is asked of it. */
function scripted(name: string, log: string[]) {
  return {
    isWaiting: true,
    attach: () => log.push(`attach ${name}`),
    armTimer: () => log.push(`arm ${name}`),
  };
}

describe("young waits", () => {
  it("attach in the order they came, each once, and arm at the end of the turn", () => {
    const log: string[] = [];
    const waits = new YoungWaits();
    waits.add(scripted("a", log));
    waits.attach();
    waits.add(scripted("b", log));
    waits.attach();
    waits.settle();
    waits.settle();
    expect(log).toEqual(["attach a", "attach b", "arm a", "arm b"]);
  });

  it("let go of those that are over, and stay in order", () => {
    const log: string[] = [];
    const waits = new YoungWaits();
    const many = Array.from({ length: 1_000 }, (_, i) => scripted(String(i), log));
    many.forEach((wait, i) => {
      waits.add(wait);
      if (i === 500) waits.attach();
      if (i % 100 !== 0) wait.isWaiting = false;
    });
    waits.settle();
    const attached = log.filter((line) => line.startsWith("attach")).map((line) => Number(line.slice(7)));
    expect(attached).toEqual(attached.toSorted((a, b) => a - b));
    expect(new Set(attached).size).toBe(attached.length);
    expect(log.filter((line) => line === "arm 100" || line === "arm 900")).toEqual(["arm 100", "arm 900"]);
    expect(log.length).toBeLessThan(700);
  });
});

describe("the monitor of a call", () => {
  it("is there for whoever looks, also in the turn of the call", () => {
    const seen = laboratory().play(function* (self) {
      const server: Pid<Ask> = spawn(silent);
      const client = spawn(function* () {
        yield* call(server, "ask");
      });
      yield* self.yield();
      return {
        monitors: processInfo(client)?.monitors.map((pid) => pid === server),
        monitoredBy: processInfo(server)?.monitoredBy.map((pid) => pid === client),
      };
    });
    expect(seen).toEqual({ monitors: [true], monitoredBy: [true] });
  });

  it("fires when the server ends in the turn of the call, in the order of all monitors", () => {
    const lines = laboratory().play(function* (self: Self<string>) {
      const server = spawn(function* (mine: Self<Ask | { type: "die" }>) {
        yield* mine.receive({ type: "die" });
        exit("gone");
      });
      const watcher = (name: string, asks: boolean) =>
        spawn(function* (mine: Self<Down>) {
          try {
            if (asks) yield* call(server, "ask");
            else {
              monitor(server);
              yield* mine.receive();
            }
          } catch {
            // The call fails: that is what is waited for.
          }
          send(self, name);
        });
      watcher("first, a call", true);
      watcher("second, a monitor", false);
      watcher("third, a call", true);
      yield* self.yield();
      send(server, { type: "die" });
      return [yield* self.receive(), yield* self.receive(), yield* self.receive()];
    });
    expect(lines).toEqual(["first, a call", "second, a monitor", "third, a call"]);
  });

  it("leaves nothing behind on the server when the caller ends in the turn of the call", () => {
    const left = laboratory().play(function* (self) {
      const server: Pid<Ask> = spawn(silent);
      const client = spawn(function* () {
        yield* call(server, "ask");
      });
      yield* self.yield();
      exit(client, "kill");
      yield* self.yield();
      return processInfo(server)?.monitoredBy;
    });
    expect(left).toEqual([]);
  });

  it("fires across two nodes of one program", () => {
    const far = laboratory();
    const server = far.run(function* (self: Self<Ask>) {
      yield* self.receive();
      exit("gone");
    });
    const near = laboratory();
    const client = near.run(function* () {
      yield* call(server, "ask");
    });
    far.platform.settle();
    near.platform.settle();
    expect(near.ends.get(client)).toMatchObject(["gone", { type: "call" }]);
  });
});
