// A node that a test steps by hand, with a record of how its processes ended.
import { createNode, spawnOpt } from "@krarup/core";
import { manualPlatform } from "@krarup/core/manual";
export function laboratory(options = {}) {
    const platform = manualPlatform(options.platform);
    const node = createNode({ reports: "none", ...options, platform });
    const ends = new Map();
    node.subscribe(["exit"], (event) => {
        if (event.type === "exit")
            ends.set(event.pid, event.reason);
    });
    const run = (body, spawnOptions) => {
        const pid = spawnOpt(body, [], { ...spawnOptions, node });
        platform.settle();
        return pid;
    };
    return { platform, node, run, ends, play: (body, spawnOptions) => play(run, ends, body, spawnOptions) };
}
function play(run, ends, body, options) {
    let outcome = null;
    const pid = run(function* player(self) {
        outcome = { value: yield* body(self) };
    }, options);
    // The compiler does not see that the process has written it.
    const done = outcome;
    if (done !== null)
        return done.value;
    throw ends.has(pid) ? ends.get(pid) : new Error("the process still waits");
}
/** A body that waits for ever. */
export function* idle(self) {
    yield* self.receive(() => false);
}
/** What `act` threw, or undefined. */
export function thrownBy(act) {
    try {
        act();
    }
    catch (error) {
        return error;
    }
    return undefined;
}
/** The code of what `act` threw, or what it threw if that has none. */
export function codeOf(act) {
    const thrown = thrownBy(act);
    return typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : thrown;
}
