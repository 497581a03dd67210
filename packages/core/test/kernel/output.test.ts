import {
  exit,
  type IoRequest,
  type Pid,
  print,
  type Self,
  setDefaultNode,
  setGroupLeader,
  spawn,
  spawnOpt,
  whereis,
} from "@krarup/core";
import { afterEach, describe, expect, it } from "vitest";
import { codeOf, idle, laboratory } from "../laboratory.ts";

afterEach(() => setDefaultNode(null));

/** A group leader that keeps what it is sent. */
function* keeper(self: Self<IoRequest>, log: string[] = []) {
  for (;;) log.push((yield* self.receive()).text);
}

describe("print", () => {
  it("reaches the platform with a line feed, in order", () => {
    const { run, platform } = laboratory();
    run(function* () {
      print("a");
      print("b");
    });
    expect(platform.output).toBe("a\nb\n");
  });

  it("works outside any process, on the default node", () => {
    const { platform, node } = laboratory();
    setDefaultNode(node);
    print("outside");
    platform.settle();
    expect([platform.output, node.whyAlive()]).toEqual(["outside\n", []]);
  });

  it("goes to the group leader, which children inherit", () => {
    const { run, platform } = laboratory();
    const log: string[] = [];
    const leader = run(function* (self: Self<IoRequest>) {
      yield* keeper(self, log);
    });
    run(
      function* () {
        print("own");
        spawn(function* () {
          print("child's");
        });
      },
      { groupLeader: leader },
    );
    expect([log, platform.output]).toEqual([["own\n", "child's\n"], ""]);
  });

  it("goes to the node when the group leader has ended", () => {
    const { run, platform } = laboratory();
    const leader: Pid<IoRequest> = run(function* (_self: Self<IoRequest>) {});
    run(
      function* () {
        print("orphan");
      },
      { groupLeader: leader },
    );
    expect(platform.output).toBe("orphan\n");
  });

  it("is done by a process named user, which comes back when it was ended", () => {
    const { play, platform } = laboratory();
    play(function* () {
      print("a");
      const user = whereis("user");
      if (user !== undefined) exit(user, "kill");
      print("b");
    });
    expect(platform.output).toBe("b\n");
  });
});

describe("setGroupLeader", () => {
  it("changes where output goes from now on", () => {
    const { run, platform } = laboratory();
    const log: string[] = [];
    const leader = run(function* (self: Self<IoRequest>) {
      yield* keeper(self, log);
    });
    run(function* (self: Self) {
      print("before");
      setGroupLeader(leader, self);
      print("after");
    });
    expect([log, platform.output]).toEqual([["after\n"], "before\n"]);
  });

  it("refuses a leader that has ended", () => {
    const { run } = laboratory();
    const [leader, pid] = [run(function* (_self: Self<IoRequest>) {}), run(idle)];
    expect(codeOf(() => setGroupLeader(leader, pid))).toBe("ERR_BAD_ARGUMENT");
    expect(codeOf(() => spawnOpt(idle, [], { groupLeader: 5 as never }))).toBe("ERR_BAD_ARGUMENT");
  });
});
