import { createNode, exit, spawnOpt } from "@krarup/core";
import { manualPlatform } from "@krarup/core/manual";
import { describe, expect, it } from "vitest";
function* waits(self) {
    yield* self.receive();
}
describe("a node keeps the program alive", () => {
    it("until its last process is ended from outside all processes", () => {
        const platform = manualPlatform();
        const node = createNode({ platform });
        const pid = spawnOpt(waits, [], { node });
        platform.settle();
        expect(platform.isKeptAlive).toBe(true);
        exit(pid, "kill");
        platform.settle();
        expect(platform.isKeptAlive).toBe(false);
    });
    it("not for the sake of daemons", () => {
        const platform = manualPlatform();
        spawnOpt(waits, [], { node: createNode({ platform }), daemon: true });
        platform.settle();
        expect(platform.isKeptAlive).toBe(false);
    });
});
