// ls, ps, tree and info against a program that runs elsewhere.

import { beforeAll, describe, expect, it } from "vitest";
import { useStage } from "../command.ts";

const stage = useStage();

beforeAll(async () => {
  await stage.start(["run", "shop.ts"]).printed("till open");
});

/** What differs from run to run is replaced by its type; the rest is the contract. */
function stable(json: string): string {
  const changing = /^(?:time|osPid|nodeVersion|uptimeMs|ageMs|busyMs|reductions|id|endpoint)$/;
  const document: unknown = JSON.parse(json, (key, value: unknown) =>
    changing.test(key) ? `(${typeof value})` : value,
  );
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

describe("--json", () => {
  it.each([
    ["ls", ["ls"]],
    ["ps", ["ps", "--limit", "4"]],
    ["tree", ["tree", "root"]],
    ["info", ["info", "clerk"]],
    ["info-supervisor", ["info", "root"]],
  ])("of %s is the document in golden/", async (name, args) => {
    const { code, stdout, stderr } = await stage.krarup([...args, "--json", "--quiet"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.endsWith("}\n")).toBe(true);
    await expect(stable(stdout)).toMatchFileSnapshot(`../golden/${name}.golden`);
  });
});

describe("krarup ls", () => {
  it("shows the node", async () => {
    const { stdout } = await stage.krarup(["ls"]);
    expect(stdout).toMatch(
      /^NODE +OS PID +UPTIME +PROCS +RESTARTS +MODE +NODE\.JS +ENTRY\nshop +\d+ +\S+ +9 +0 +rw +\S+ +shop\.ts\n$/,
    );
  });
});

describe("krarup ps", () => {
  it("lists processes, and nothing but data on stdout", async () => {
    const { stdout, stderr } = await stage.krarup(["ps"]);
    expect(stdout.split("\n")[0]).toMatch(/^PID +NAME \/ LABEL +STATE +MAILBOX +RECEIVED +REDUCTIONS +LINKS +AGE$/);
    expect(stdout).toMatch(/^<0\.\d+\.0> +clerk +waiting +0 /m);
    expect(stderr).toBe("");
  });

  it("orders and cuts, and says so on stderr unless told to be quiet", async () => {
    const args = ["ps", "--sort", "-age", "--limit", "2"];
    const { stdout, stderr } = await stage.krarup(args);
    expect(stdout.trimEnd().split("\n")).toHaveLength(3);
    expect(stdout).toContain("application_master shop");
    expect(stderr).toBe("2 of 9 processes; more with --limit\n");
    expect((await stage.krarup([...args, "-q"])).stderr).toBe("");
  });
});

describe("krarup tree", () => {
  it("draws who supervises whom, in the order of their start", async () => {
    const { stdout } = await stage.krarup(["tree", "root"]);
    const shape = stdout.replaceAll(/<0\.\d+\.\d+>/g, "PID").replaceAll(/ {2,}/g, "  ");
    expect(shape).toBe(
      [
        "shop",
        "└─ root  PID  supervisor one_for_one, 3 in 5s  waiting",
        "   ├─ till  PID  worker  waiting",
        "   ├─ clerk  PID  worker  waiting",
        "   ├─ stock  PID  supervisor rest_for_one, 5 in 10s  waiting",
        "   │  ├─ north  PID  worker  waiting",
        "   │  └─ south  PID  worker  waiting",
        "   └─ visitors  PID  supervisor dynamic, 3 in 5s  waiting",
        "",
      ]
        .join("\n")
        .replaceAll(/ {2,}/g, "  "),
    );
  });

  it("draws in ASCII, a bounded number of children", async () => {
    const { stdout } = await stage.krarup(["tree", "root", "--ascii", "--children", "1"]);
    expect(stdout).toMatch(/^shop\n`- root .*\n {3}\|- till .*\n {3}`- \.\.\. 3 more\n$/);
  });
});

describe("krarup info", () => {
  it("finds a process by name, pid, bare pid and slot", async () => {
    const { stdout: json } = await stage.krarup(["info", "clerk", "--json"]);
    const [, pid = "", slot = ""] = /"pid":"(<0\.(\d+)\.\d+>)"/.exec(json) ?? [];
    for (const target of ["clerk", pid, pid.slice(1, -1), slot])
      expect((await stage.krarup(["info", target])).stdout).toContain(`clerk  ${pid}  waiting`);
  });

  it("spells out control sequences of the program's own text", async () => {
    const { stdout } = await stage.krarup(["info", "clerk"]);
    expect(stdout).toContain(String.raw`label clerk \u001b[31mred\u001b[0m`);
    expect(stdout).not.toContain("\u001b");
  });
});

describe("colour", () => {
  const env = { NO_COLOR: undefined, FORCE_COLOR: "1" };

  it("is used where it is wanted", async () => {
    expect((await stage.krarup(["ps"], env)).stdout).toContain("\u001b[1m");
  });

  it.each([
    ["with --no-color", ["ps", "--no-color"], env],
    ["with NO_COLOR", ["ps"], { NO_COLOR: "1" }],
    ["where no person looks", ["ps"], { NO_COLOR: undefined }],
    ["in JSON", ["ps", "--json"], env],
  ])("is not used %s", async (_when, args, environment) => {
    expect((await stage.krarup(args, environment)).stdout).not.toContain("\u001b");
  });
});
