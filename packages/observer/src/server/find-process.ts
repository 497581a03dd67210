import type { Node } from "@krarup/core";
import { isAlive } from "@krarup/core";
import type { Process } from "@krarup/core/internal";
import { InspectionError } from "../errors.ts";

/** `<0.42.0>`, `0.42.0`, `0.42` and `42`; without a serial whoever lives in the slot now. */
const PID = /^(?:<0\.(\d{1,9})\.(\d{1,15})>|0\.(\d{1,9})(?:\.(\d{1,15}))?|(\d{1,9}))$/;

/**
 * The living process that `text` names: a pid as it prints, or a registered name. What looks like a pid is one.
 *
 * @throws {@link InspectionError} `ERR_NO_PROCESS`
 */
export function findProcess(node: Node, text: string): Process {
  const found = lookUp(node, text);
  if (found !== undefined && isAlive(found)) return found;
  throw new InspectionError(
    "ERR_NO_PROCESS",
    `Cannot find process ${JSON.stringify(text.slice(0, 60))} as nothing alive on the node has that pid or name`,
    {
      hint: "krarup ps",
      value: text,
    },
  );
}

function lookUp(node: Node, text: string): Process | undefined {
  const parts = PID.exec(text);
  if (parts === null) return node.names.whereis(text);
  const process = node.table.at(Number(parts[1] ?? parts[3] ?? parts[5]));
  const serial = parts[2] ?? parts[4];
  return serial === undefined || process?.serial === Number(serial) ? process : undefined;
}
