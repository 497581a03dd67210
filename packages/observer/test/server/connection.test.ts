import { connect, findNodes } from "@krarup/observer/client";
import { describe, expect, it, vi } from "vitest";
import { encodeFrame } from "../../src/wire/codec.ts";
import { answersOn, turns, useLab } from "../lab.ts";

const lab = useLab();

describe("a connection", () => {
  it.each([
    ["random bytes", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["a giant length", Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ["a frame that is no plain data", Buffer.from([0, 0, 0, 3, 0xd4, 0x72, 0x40])],
  ])("is closed after %s", async (_what, bytes) => {
    const socket = await lab().rawSocket((await lab().inspect()).endpoint);
    socket.write(bytes);
    expect(await answersOn(socket)).toMatchObject([{ error: { code: "ERR_FRAME" } }]);
  });

  it("is closed when a bad frame follows good ones", async () => {
    const socket = await lab().rawSocket((await lab().inspect()).endpoint);
    socket.write(
      Buffer.concat([
        encodeFrame({ hello: { protocol: 1 } }),
        encodeFrame({ id: 1, op: "node", args: {} }),
        Buffer.from([0, 0, 0, 1, 0xc1]),
      ]),
    );
    expect(await answersOn(socket)).toMatchObject([
      { hello: {} },
      { id: 1, rows: [{}] },
      { id: 1, end: {} },
      { error: { code: "ERR_FRAME" } },
    ]);
  });

  it("is closed when the client speaks another protocol, after saying which one is spoken here", async () => {
    const socket = await lab().rawSocket((await lab().inspect()).endpoint);
    socket.write(encodeFrame({ hello: { protocol: 99 } }));
    expect(await answersOn(socket)).toMatchObject([{ hello: { protocol: 1 } }, { error: { code: "ERR_PROTOCOL" } }]);
  });

  it("is closed when it does not begin with a hello", async () => {
    const socket = await lab().rawSocket((await lab().inspect()).endpoint);
    socket.write(encodeFrame({ id: 1, op: "node", args: {} }));
    expect(await answersOn(socket)).toMatchObject([{ error: { code: "ERR_BAD_REQUEST" } }]);
  });

  it.each([
    ["says nothing", 0],
    ["sends its hello byte by byte", 1],
  ])("is closed after five seconds when the client %s", async (_what, bytesPerSecond) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    lab().closing({ close: () => vi.useRealTimers() });
    const socket = await lab().rawSocket((await lab().inspect()).endpoint);
    await turns(10);
    const hello = encodeFrame({ hello: { protocol: 1 } });
    for (let second = 0; second < 5; second++) {
      expect(socket.readableEnded).toBe(false);
      socket.write(hello.subarray(second * bytesPerSecond, (second + 1) * bytesPerSecond));
      await turns(10);
      vi.advanceTimersByTime(1_000);
    }
    expect(await answersOn(socket)).toEqual([]);
  });

  it("leaves the others alone, however it ends", async () => {
    const client = await lab().observer();
    const [entry] = findNodes(lab().directory);
    for (let i = 0; i < 40; i++) {
      const socket = await lab().rawSocket(entry?.endpoint ?? "");
      socket.write(Buffer.from([i, i, i, i]));
      socket.destroy();
    }
    expect((await client.request("node", {})).total).toBe(1);
  });

  it("is refused when there are sixteen", async () => {
    const { endpoint } = await lab().inspect();
    for (let i = 0; i < 16; i++) lab().closing(await connect(endpoint));
    await expect(connect(endpoint)).rejects.toMatchObject({ code: "ERR_CONNECTION" });
  });
});
