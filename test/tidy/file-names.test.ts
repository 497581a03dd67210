import { describe, expect, it } from "vitest";
import { checkFileName } from "./file-names.ts";

describe("checkFileName", () => {
  it.each(["utils.ts", "helpers.test.ts", "common.ts", "misc.ts", "types.ts", "Mailbox.ts", "mail_box.ts"])(
    "refuses %s",
    (name) => {
      expect(checkFileName({ path: `packages/core/src/${name}`, text: "" })).toHaveLength(1);
    },
  );

  it.each(["mailbox.ts", "gen-server.test.ts", "gen-server.test-d.ts", "krarup.mjs", "index.ts"])(
    "accepts %s",
    (name) => {
      expect(checkFileName({ path: `packages/core/src/${name}`, text: "" })).toEqual([]);
    },
  );
});
