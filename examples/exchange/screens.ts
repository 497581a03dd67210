// Two screens: a picture on a terminal, and lines for everything else.

import { type LogFilter, logger } from "@krarup/core";
import type { Screen } from "./display.ts";
import { erlangB } from "./erlang-b.ts";
import type { Incident } from "./incidents.ts";
import type { Paint } from "./paint.ts";
import { drawPicture, type Size } from "./picture.ts";
import { aftermath, clock, incidentText, measured, percent } from "./wording.ts";
import type { View } from "./view.ts";

const HOME = "\u001B[H";
const CLEAR_LINE_END = "\u001B[K";
const CLEAR_BELOW = "\u001B[J";
// Second screen, cursor hidden, no line wrapped; and all of it back.
const ENTER = "\u001B[?1049h\u001B[?25l\u001B[?7l";
const LEAVE = "\u001B[?7h\u001B[?25h\u001B[?1049l";

/** Keeps supervisors' reports off a terminal on which the picture shows the same ends and restarts. A crash that is a fault still gets through. */
const withoutReports: LogFilter = ({ message }) => (message.type === "report" ? "stop" : "ignore");
const FILTER = "picture";

/**
 * A picture that is drawn over itself: from the top left corner, each line cleared behind its end, nothing erased in advance.
 * So nothing flickers and nothing scrolls. It uses the terminal's second screen; what was there before comes back.
 */
export function terminalScreen(sizeNow: () => Size, paint: Paint): Screen {
  let isOpen = false;
  return {
    everyMs: 200,
    open() {
      isOpen = true;
      logger.addPrimaryFilter(FILTER, withoutReports);
      return ENTER;
    },
    frame(view) {
      const lines = drawPicture(view, sizeNow(), paint);
      // `print` adds a line feed; from the corner it does no harm.
      return HOME + lines.map((line) => line + CLEAR_LINE_END).join("\r\n") + CLEAR_BELOW + HOME;
    },
    close() {
      const wasOpen = isOpen;
      isOpen = false;
      logger.removePrimaryFilter(FILTER);
      return wasOpen ? LEAVE : undefined;
    },
  };
}

/** One line a second, and one for each incident. */
export function plainScreen(): Screen {
  let told: Incident | undefined;
  return {
    everyMs: 1_000,
    open: () => undefined,
    frame(view) {
      const { incidents } = view;
      const fresh = incidents.slice(told === undefined ? 0 : incidents.indexOf(told) + 1);
      told = incidents.at(-1);
      return [...fresh.map(incidentLine), statusLine(view)].join("\n");
    },
    close: () => "",
  };
}

function incidentLine(incident: Incident): string {
  return `${clock(incident.atMs)}  ${incidentText(incident)}, ${aftermath(incident)}`;
}

function statusLine({ plan, elapsedMs, trunks, measurement: m }: View): string {
  const busy = trunks.filter((state) => state === "busy").length;
  const formula = percent(erlangB(m.erlangsOffered, plan.trunks));
  return `${clock(elapsedMs)}  ${busy} of ${trunks.length} trunks busy, ${m.calls} calls, ${m.blocked} blocked: measured ${measured(m)}, Erlang B ${formula}${m.isWarm ? "" : ", warming up"}`;
}
