import { genStatem, reply, self } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { laboratory } from "../../laboratory.ts";

describe("self", () => {
  it("replies later to a caller that was kept, or through another process", () => {
    const Desk = genStatem({
      init: () => ({ state: "open", data: null }),
      states: {
        open: {
          call: {
            ask(self, question: string) {
              self.timeout("think", 10, [self.from, question]);
              return self.noReply<string>();
            },
          },
          timeout: {
            think(_self, content) {
              const [from, question] = content as [Parameters<typeof reply>[0], string]; // as set above
              reply(from, `${question}? yes`);
            },
          },
        },
      },
    });
    const { platform, run } = laboratory();
    const answers: string[] = [];
    run(function* () {
      const desk = yield* Desk.start();
      answers.push(yield* Desk.call(desk).ask("tea"));
    });
    platform.advance(10);
    expect(answers).toEqual(["tea? yes"]);
  });

  it("inserts events before all that waits, in order", () => {
    const lines: string[] = [];
    const Machine = genStatem({
      init: () => ({ state: "a", data: null, nextEvent: ["first", 0] as const }),
      states: {
        a: {
          internal: {
            first(self, n: number) {
              lines.push(`first ${n}`);
              self.nextEvent("second", "x");
              self.nextEvent("second", "y");
            },
            second: (_self, what: string) => lines.push(`second ${what}`),
          },
          cast: { last: () => lines.push("last") },
        },
      },
    });
    laboratory().run(function* () {
      const machine = yield* Machine.start();
      Machine.cast(machine).last();
    });
    expect(lines).toEqual(["first 0", "second x", "second y", "last"]);
  });

  it("stops the machine: a call's reply is sent before terminate runs", () => {
    const lines: string[] = [];
    const { run } = laboratory();
    const Machine = genStatem({
      init: () => ({ state: "a", data: null }),
      states: {
        a: {
          call: {
            bye(self) {
              self.stop("normal");
              return "farewell";
            },
          },
        },
      },
      *terminate() {
        yield* self().yield();
        lines.push("terminated");
      },
    });
    run(function* () {
      const machine = yield* Machine.start();
      lines.push(yield* Machine.call(machine).bye());
    });
    expect(lines).toEqual(["farewell", "terminated"]);
  });

  it("sets, updates and cancels each kind of time-out", () => {
    const lines: string[] = [];
    const Clock = genStatem({
      init: () => ({ state: "a", data: null }),
      states: {
        a: {
          enter(self) {
            self.stateTimeout(10, "old");
            self.stateTimeout("update", "overrules the 10 ms, and is due at once");
            self.timeout("kept", 20, "k");
            self.timeout("dropped", 20);
          },
          stateTimeout(self, content) {
            lines.push(String(content));
            self.timeout("dropped", "cancel");
            self.timeout("kept", "update", "k2");
          },
          timeout: {
            kept(self, content) {
              lines.push(String(content));
              self.eventTimeout(5, "quiet");
            },
            dropped: () => lines.push("dropped"),
          },
          eventTimeout: (_self, content) => lines.push(String(content)),
        },
      },
    });
    const { platform, run } = laboratory();
    run(function* () {
      yield* Clock.start();
    });
    platform.advance(100);
    expect(lines).toEqual(["overrules the 10 ms, and is due at once", "k2", "quiet"]);
  });

  it.each(["nextState", "postpone", "nextEvent"] as const)("refuses %s in an enter call", (method) => {
    const Machine = genStatem({
      init: () => ({ state: "a", data: null }),
      states: {
        a: {
          enter(self) {
            const whole = self as unknown as Record<typeof method, (arg: string) => void>; // the compiler would refuse
            whole[method]("a");
          },
        },
      },
    });
    const { run, ends } = laboratory();
    run(function* () {
      yield* Machine.start();
    });
    expect([...ends.values()]).toContainEqual(expect.objectContaining({ code: "ERR_BAD_ARGUMENT" }));
  });

  it("refuses a state that the definition does not have", () => {
    const Machine = genStatem({
      init: () => ({ state: "a", data: null }),
      states: {
        a: {
          // The compiler would refuse.
          cast: { go: (self) => self.nextState("nowhere" as "a") },
        },
      },
    });
    const { run, ends } = laboratory();
    run(function* () {
      Machine.cast(yield* Machine.start()).go();
    });
    expect([...ends.values()]).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('"nowhere"') }),
    );
  });
});
