import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openStage } from "../command.ts";

// Each has a stage of its own: most of their time is the start of programs.
describe.concurrent("krarup run", () => {
  it.for(["SIGTERM", "SIGINT"] as const)("stops in order on %s, and exits 0", async (signal, context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts"]);
    await shop.printed("till open");
    shop.signal(signal);
    expect(await shop.finished).toEqual({
      code: 0,
      stdout: "till open\nclosing\ntill closed\nclosed\n",
      stderr: `${signal}: stopping shop; again to force\n`,
    });
    expect(readdirSync(stage.directory)).toEqual([]);
  });

  it("counts a signal that comes twice at once as one", async (context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts"]);
    await shop.printed("till open");
    shop.signal("SIGINT");
    shop.signal("SIGINT");
    expect(await shop.finished).toMatchObject({ code: 0 });
  });

  it.for([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends at once on a second %s, and exits %i", async ([signal, code], context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts", "--", "stubborn"]);
    await shop.printed("till open");
    shop.signal(signal);
    await shop.printed("again to force", "stderr");
    const again = setInterval(() => shop.signal(signal), 100);
    expect(await shop.finished).toMatchObject({ code });
    clearInterval(again);
    expect(readdirSync(stage.directory)).toEqual([]);
  });

  it("kills what does not stop in time, and exits 71", async (context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "--stop-timeout", "100ms", "shop.ts", "--", "stubborn"]);
    await shop.printed("till open");
    shop.signal("SIGTERM");
    const { code, stderr } = await shop.finished;
    expect(code).toBe(71);
    expect(stderr).toMatch(/error: Cannot stop shop within 100ms: \d+ processes were killed\nhint: /);
  });

  it("stops in order also while the application is starting", async (context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts", "--", "slow"]);
    await shop.printed("coming up");
    shop.signal("SIGTERM");
    const { code, stdout } = await shop.finished;
    expect([code, stdout]).toEqual([0, "till open\ncoming up\nclosing\ntill closed\nclosed\n"]);
  });

  it("exits 70 when the application fails while it stops; the tree is down all the same", async (context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts", "--", "broken_stop"]);
    await shop.printed("till open");
    shop.signal("SIGTERM");
    const { code, stdout, stderr } = await shop.finished;
    expect([code, stdout]).toEqual([70, "till open\nclosing\ntill closed\nclosed\n"]);
    expect(stderr).toContain("error: Application shop failed while it stopped: Error: the till does not close\n");
  });

  it("ends after an orderly stop, whatever the program has left open", async (context) => {
    const stage = openStage(context);
    const lingering = stage.start(["run", "lingering.ts"]);
    await lingering.printed("started");
    lingering.signal("SIGTERM");
    expect(await lingering.finished).toMatchObject({ code: 0, stdout: "started\nstopped\n" });
    expect(readdirSync(stage.directory)).toEqual([]);
  });

  it("exits 0 when the application ends by itself in order", async (context) => {
    const stage = openStage(context);
    expect(await stage.krarup(["run", "shop.ts", "--", "end"])).toEqual({
      code: 0,
      stdout: "till open\ntill closed\nclosed\n",
      stderr: "",
    });
  });

  it("exits 70 when the root supervisor gives up", async (context) => {
    const stage = openStage(context);
    const { code, stdout, stderr } = await stage.krarup(["run", "shop.ts", "--", "give_up"]);
    expect(code).toBe(70);
    expect(stdout).toMatch(/closed\n$/);
    expect(stderr).toContain(
      "error: Application shop has ended: its root supervisor gave up after too many restarts\n",
    );
  });

  it("logs JSON lines where nobody reads along, and text when it is told to", async (context) => {
    const stage = openStage(context);
    const { stderr: lines } = await stage.krarup(["run", "shop.ts", "--", "give_up"]);
    const [first = ""] = lines.split("\n");
    expect(JSON.parse(first)).toMatchObject({ level: "error", node: "shop", type: "child_terminated" });
    const { stderr: text } = await stage.krarup(["run", "--log", "text", "shop.ts", "--", "give_up"]);
    expect(text).toMatch(/^! supervisor root: child fails <[\d.]+> has ended: "always failing", restart 1\/3 in 5 s /);
  });

  it("exits 70 when the application does not start, and says why", async (context) => {
    const stage = openStage(context);
    const { code, stderr } = await stage.krarup(["run", "shop.ts", "--", "refuse"]);
    expect(code).toBe(70);
    expect(stderr).toMatch(/error: Cannot start application shop: Error: no licence\n/);
  });

  it("hands the arguments behind -- to the application", async (context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts", "--", "args", "--for", "30s", "-n"]);
    await shop.printed("till open");
    shop.signal("SIGTERM");
    expect((await shop.finished).stdout).toContain('args ["--for","30s","-n"]\n');
  });

  it("writes everything that was printed before it exits", async (context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts", "--", "lots"]);
    await shop.printed("line 0");
    shop.signal("SIGTERM");
    const { code, stdout } = await shop.finished;
    expect(code).toBe(0);
    expect(stdout.split("\n")).toHaveLength(50_005);
    expect(stdout.endsWith("\nclosed\n")).toBe(true);
  });

  it("calls the node as it is told", async (context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts", "--name", "market"]);
    await shop.printed("till open");
    expect((await stage.krarup(["ls"])).stdout).toMatch(/^market /m);
  });

  it("leaves entries behind after SIGKILL, which the next ls removes", async (context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts"]);
    await shop.printed("till open");
    shop.signal("SIGKILL");
    await shop.finished;
    expect(readdirSync(stage.directory)).toHaveLength(2);
    const { code, stdout, stderr } = await stage.krarup(["ls"]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toBe("no node of this user runs on this machine\nremoved 1 entry of programs that are gone\n");
    expect(readdirSync(stage.directory)).toEqual([]);
  });

  it("runs an application that cannot be looked into all the same", async (context) => {
    const stage = openStage(context);
    const shop = stage.start(["run", "shop.ts"], { KRARUP_INSPECT: "perhaps" });
    await shop.printed("till open");
    shop.signal("SIGTERM");
    const { code, stderr } = await shop.finished;
    expect(code).toBe(0);
    expect(stderr).toContain(
      'warning: Cannot start inspection as KRARUP_INSPECT must be off, ro or rw: current value is "perhaps"',
    );
  });

  it.for([
    ["none.ts", 2, "Cannot run none.ts as there is no such file"],
    [
      "plain-module.ts",
      2,
      "Cannot run plain-module.ts as its default export must be an application: current value is absent",
    ],
    ["broken.ts", 70, "Cannot load broken.ts: Error: broken at load"],
    ["lingering-broken.ts", 70, "Cannot load lingering-broken.ts: Error: broken at work"],
  ] as const)("refuses %s and exits %i", async ([entry, code, message], context) => {
    const stage = openStage(context);
    const finished = await stage.krarup(["run", entry]);
    expect(finished.code).toBe(code);
    expect(finished.stderr).toContain(`error: ${message}`);
  });
});
