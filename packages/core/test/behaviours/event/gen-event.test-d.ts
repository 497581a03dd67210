import { type AddResult, eventHandler, type EventModule, genEvent, type Operation } from "@krarup/core";
import { describe, expectTypeOf, it } from "vitest";

type Alarm = { readonly raised: boolean; readonly id: string };

const active = eventHandler({
  init: () => [] as string[],
  event(self, alarm: Alarm) {
    expectTypeOf(self.state).toEqualTypeOf<readonly string[]>();
    self.draft.push(alarm.id);
  },
  call: { list: (self) => self.state, has: (self, id: string) => self.state.includes(id) },
});
const counter = eventHandler({ init: (start: number) => start, event: (self) => (self.state = self.state + 1) });
const raw: EventModule<number, { at: number }> = {
  init: ({ at }) => ["ok", at],
  handleEvent: (_event, n) => ["ok", n],
};

const Alarms = genEvent({ active, counter, raw });

describe("genEvent", () => {
  it("types the arguments of each kind of handler", () => {
    expectTypeOf(Alarms.addHandler("alarms", "active")).toEqualTypeOf<Operation<AddResult>>();
    void Alarms.addHandler("alarms", ["counter", "second"], 0);
    void Alarms.addHandler("alarms", "raw", { at: 1 });
    // @ts-expect-error the counter wants a start
    void Alarms.addHandler("alarms", "counter");
    // @ts-expect-error no such handler
    void Alarms.addHandler("alarms", "cuonter", 0);
    void Alarms.swapHandler("alarms", ["active", "why"], ["counter", 0]);
    // @ts-expect-error the counter wants a number
    void Alarms.swapHandler("alarms", ["active", "why"], ["counter", "0"]);
  });

  it("types events by what the handlers understand", () => {
    Alarms.notify("alarms", { raised: true, id: "disk" });
    // @ts-expect-error id is missing
    Alarms.notify("alarms", { raised: true });
  });

  it("types requests by the handler's", () => {
    const client = Alarms.call("alarms", "active");
    expectTypeOf(client.list()).toEqualTypeOf<Operation<readonly string[]>>();
    expectTypeOf(client.has("disk")).toEqualTypeOf<Operation<boolean>>();
    // @ts-expect-error no such request
    void client.size;
    expectTypeOf(Alarms.call("alarms", "raw").request("anything")).toEqualTypeOf<Operation<unknown>>();
  });
});
