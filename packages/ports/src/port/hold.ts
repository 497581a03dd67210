import type { Pid, Self } from "@krarup/core";
import { send } from "@krarup/core";
import { recordOf } from "@krarup/core/internal";
import type { Held } from "./driver.ts";
import type { DriverChanged } from "./port-protocol.ts";
import type { Exit } from "@krarup/core";

/** Ties a driver to the running process: it hears of changes by message, and the driver lets go when it ends, in whatever way. */
export function hold<M>(self: Self<M | DriverChanged | Exit>, driver: Held): void {
  self.trapExit();
  self.setLabel(driver.label);
  const record = recordOf(self);
  record.node.resources.hold(record, { holderEnded: () => driver.destroy() });
  driver.listen(oneAtATime(self));
}

/** Sends the message of a change. Changes that come together make one message, also those that a driver reports while it is asked. */
function oneAtATime(port: Pid<DriverChanged>): () => void {
  let isOnItsWay = false;
  return () => {
    if (isOnItsWay) return;
    isOnItsWay = true;
    queueMicrotask(() => {
      isOnItsWay = false;
      send(port, { type: "driver_changed" });
    });
  };
}
