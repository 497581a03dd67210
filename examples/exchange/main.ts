// The exchange as an application: `npm start`, or `npx krarup run examples/exchange/main.ts -- --load 18 --no-chaos`.
//
// On a terminal it shows the picture until Ctrl-C; anywhere else it prints lines and ends by itself. What can be given after
// `--`, and what it means, stands at OPTIONS. This is the only file that knows of the terminal.

import { parseArgs } from "node:util";
import { getDefaultNode, register, spawnLink } from "@krarup/core";
import { application, type ChildSpec, type SupervisorSpec } from "@krarup/supervisor";
import { positive, whole } from "./arguments.ts";
import { display, type Screen } from "./display.ts";
import { Incidents } from "./incidents.ts";
import { painter } from "./paint.ts";
import { plainScreen, terminalScreen } from "./screens.ts";
import { exchangeSpec, type Plan } from "./tree.ts";
import { Viewer } from "./view.ts";

/** Three minutes, the mean that exchanges were planned with. */
const HOLD_MS = 180_000;
/** Without a terminal nobody can press Ctrl-C. */
const UNATTENDED_SECONDS = 30;
/** Real time between two strikes of chaos. */
const CHAOS_GAP_MS = 1_500;

const OPTIONS = {
  /** `--no-chaos` kills nobody. */
  chaos: { type: "boolean", default: true },
  /** Seconds until the exchange ends by itself; without, as said above. */
  for: { type: "string" },
  /** Erlangs offered. */
  load: { type: "string", default: "20" },
  /** Of all chance but the real time's. */
  seed: { type: "string", default: "1" },
  /** How much faster than real time: a mean call of three minutes lasts a second. */
  speed: { type: "string", default: "180" },
  trunks: { type: "string", default: "25" },
} as const;

export default application({
  name: "exchange",
  start(args): SupervisorSpec {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, allowNegative: true });
    const plan: Plan = {
      load: positive("load", values.load),
      trunks: whole("trunks", values.trunks),
      holdMs: HOLD_MS / positive("speed", values.speed),
      seed: whole("seed", values.seed),
      chaosGapMs: values.chaos ? CHAOS_GAP_MS : undefined,
    };
    return exchangeSpec(plan, [picture(plan, lastsFor(values.for))]);
  },
});

function lastsFor(seconds: string | undefined): number | "infinity" {
  if (seconds !== undefined) return positive("for", seconds) * 1_000;
  return process.stdout.isTTY ? "infinity" : UNATTENDED_SECONDS * 1_000;
}

/** Transient: when its time is up it is not started again; significant: then the exchange has ended. */
function picture(plan: Plan, forMs: number | "infinity"): ChildSpec {
  const viewer = new Viewer(plan, new Incidents(getDefaultNode()));
  return {
    id: "picture",
    restart: "transient",
    significant: true,
    start() {
      const pid = spawnLink(display(plan, screen(), viewer, forMs));
      register("picture", pid);
      return pid;
    },
  };
}

function screen(): Screen {
  const { stdout } = process;
  if (!stdout.isTTY) return plainScreen();
  const isColoured = (process.env["NO_COLOR"] ?? "") === "";
  const terminal = terminalScreen(() => stdout, painter(isColoured));
  // An end without order, a second Ctrl-C for instance, must not leave the terminal behind as it is.
  process.once("exit", () => stdout.write(terminal.close() ?? ""));
  return terminal;
}
