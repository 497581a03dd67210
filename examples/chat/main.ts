// The chat as an application: `npx krarup run examples/chat/main.ts -- --port 7000`, and `nc localhost 7000` for each guest.

import { parseArgs } from "node:util";
import { application } from "@krarup/supervisor";
import { chatSpec } from "./tree.ts";

const OPTIONS = {
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: "7000" },
} as const;

export default application({
  name: "chat",
  start(args) {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    return chatSpec({ host: values.host, port: Number(values.port) });
  },
});
