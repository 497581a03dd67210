// The server as an application: `npx krarup run examples/kv/main.ts -- --port 7379`, and `redis-cli -p 7379`.

import { parseArgs } from "node:util";
import { application } from "@krarup/supervisor";
import { kvSpec } from "./tree.ts";

const OPTIONS = {
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: "7379" },
  /** Where the snapshot is; without it nothing is kept. */
  snapshot: { type: "string" },
  "snapshot-every-ms": { type: "string", default: "60000" },
} as const;

export default application({
  name: "kv",
  start(args) {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const { host, port, snapshot: path, "snapshot-every-ms": everyMs } = values;
    return kvSpec({ host, port: Number(port) }, path === undefined ? null : { path, everyMs: Number(everyMs) });
  },
});
