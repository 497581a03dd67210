import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { connect } from "@krarup/observer/client";
import { describe, expect, it } from "vitest";
import { encodeFrame } from "../../src/wire/codec.ts";
import { useLab } from "../lab.ts";

const lab = useLab();

describe("connect", () => {
  it("fails where nobody listens", async () => {
    await expect(connect(join(lab().directory, "none.sock"))).rejects.toMatchObject({
      code: "ERR_CONNECTION",
    });
  });

  it.each([
    ["ERR_PROTOCOL", "speaks another protocol", encodeFrame({ hello: { protocol: 2, name: "future", mode: "rw" } })],
    ["ERR_FRAME", "speaks something else", Buffer.from("SSH-2.0-OpenSSH_9.9\r\n")],
    ["ERR_TIMEOUT", "says nothing", Buffer.alloc(0)],
  ])("fails with %s when the other side %s", async (code, _what, bytes) => {
    const path = join(lab().directory, "other.sock");
    const server = createServer((socket) => void socket.on("error", () => undefined).write(bytes)).listen(path);
    lab().closing(server);
    await once(server, "listening");
    await expect(connect(path, { timeoutMs: 200 })).rejects.toMatchObject({ code });
  });

  it("fails what is not answered when the node goes away", async () => {
    const inspection = await lab().inspect();
    const client = await connect(inspection.endpoint);
    const answer = client.request("node", {});
    inspection.stop();
    await expect(answer).rejects.toMatchObject({ code: "ERR_CONNECTION" });
  });
});
