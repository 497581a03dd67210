// The service as an application: `npx krarup run examples/http/main.ts -- --port 8080`, and `curl localhost:8080/count`.

import { parseArgs } from "node:util";
import { application } from "@krarup/supervisor";
import { serviceSpec } from "./tree.ts";

const OPTIONS = {
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: "8080" },
  /** One greeting in so many fails; 0 for none. */
  "fail-every": { type: "string", default: "100" },
} as const;

export default application({
  name: "http",
  start(args) {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    return serviceSpec({ host: values.host, port: Number(values.port) }, Number(values["fail-every"]));
  },
});
