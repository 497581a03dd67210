import { exit, isAlive, monitor, type Self, spawn } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { close, jsonLines, packetsOf, type Port, portInfo, write } from "../../src/index.ts";
import { codeIn, pair, perform, text } from "../stage.ts";

/** Everything that comes, as text, outside any process. */
async function collect(port: Port): Promise<string> {
  let all = "";
  for await (const packet of packetsOf(port)) all += String(text(packet));
  return all;
}

describe("packetsOf", () => {
  it("iterates over what comes until the stream ends", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      const all = collect(server);
      yield* write(client, "one ");
      yield* write(client, "two");
      yield* close(client);
      expect(yield* self.await(all)).toBe("one two");
      expect(isAlive(server)).toBe(false);
    }));

  it("iterates over values", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ framing: jsonLines() });
      yield* write(client, "[1]\n");
      expect(yield* self.await(packetsOf(server).next())).toEqual({
        done: false,
        value: { type: "value", value: [1] },
      });
    }));

  it("reads nothing that was not asked for", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ framing: "line" });
      const packets = packetsOf(server);
      yield* write(client, "one\ntwo\n");
      const first = yield* self.await(packets.next());
      expect(text(first.value)).toBe("one\n");
      expect(yield* portInfo(server)).toMatchObject({ buffered: 4, readers: 0 });
    }));

  it("closes the port when the loop is left", () =>
    perform(function* (self) {
      const { client, server } = yield* pair();
      yield* write(client, "first");
      const end = monitor(server);
      const leave = async (): Promise<void> => {
        for await (const _ of packetsOf(server)) break;
      };
      yield* self.await(leave());
      yield* self.receive(end);
    }));

  it("closes the port also while a read waits", () =>
    perform(function* (self) {
      const { server } = yield* pair();
      const packets = packetsOf(server);
      const waiting = packets.next().catch((error: unknown) => codeIn(error));
      yield* self.sleep(5);
      yield* self.await(packets.return?.() ?? Promise.reject(new Error("it can be returned")));
      expect(yield* self.await(waiting)).toBe("CLOSED");
      expect(isAlive(server)).toBe(false);
    }));

  it.each(["normal", "boom", "kill"])("says CLOSED, not the end, when the owner has ended with %s", (reason) =>
    perform(function* (self) {
      const ports: Port[] = [];
      const owner = spawn(function* (own: Self<"end">) {
        ports.push((yield* pair()).server);
        yield* own.receive();
        if (reason === "boom") exit("boom");
      });
      while (ports.length === 0) yield* self.sleep(1);
      const [port] = ports;
      if (port === undefined) throw new Error("the owner has opened a port");
      const failure = collect(port).catch((error: unknown) => codeIn(error));
      yield* self.sleep(5);
      exit(owner, reason === "kill" ? "kill" : "shutdown");
      expect(yield* self.await(failure)).toBe("CLOSED");
      expect(yield* self.await(collect(port).catch((error: unknown) => codeIn(error)))).toBe("CLOSED");
    }),
  );

  it("says an error of the port with its code", () =>
    perform(function* (self) {
      const { client, server } = yield* pair({ framing: "line", packetBytesMax: 4 });
      yield* write(client, "too long");
      expect(yield* self.await(collect(server).catch((error: unknown) => codeIn(error)))).toBe("EMSGSIZE");
    }));
});
