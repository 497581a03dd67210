// The command `krarup`: reads the arguments, hands over to a verb, sets the exit code.
//
// A verb is imported when it is called: `krarup --version` must not wait for what `krarup run` needs. Everything here is about the command
// line; the verbs know nothing of it.

import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { asPrintable, CommandError, EXIT_CODE_OF } from "./command-error.ts";
import { parseDuration } from "./duration.ts";
import { EXIT } from "./exit-codes.ts";
import type { Settings } from "./settings.ts";
import { Terminal } from "./show/terminal.ts";

/** What commander hands over for the options that all verbs share. */
interface CommonOptions {
  readonly node?: string;
  readonly timeout?: number;
  readonly json?: true;
  readonly color?: boolean;
  readonly ascii?: true;
  readonly quiet?: true;
}

/** What it hands over for `run`. */
interface RunningOptions extends CommonOptions {
  readonly name?: string;
  readonly log: "text" | "json";
  readonly stopTimeout: number;
}

const SORT_KEYS = ["pid", "name", "mailbox", "received", "reductions", "age"] as const;
const TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 30_000;
const ROWS_MAX = 10_000;

const program = new Command("krarup")
  .description("Runs, inspects and explains krarup nodes.")
  .version(ownVersion(), "-V, --version")
  .exitOverride()
  .configureOutput({
    writeErr: (text) => void process.stderr.write(text),
    outputError: () => undefined,
  });

verb("Start", "run <entry> [args...]", "start the application that a module exports by default")
  .usage("[options] <entry> [-- args...]")
  .option("--name <name>", "name of the node; default the entry's")
  .addOption(
    new Option("--log <format>", "the form of the log")
      .choices(["text", "json"])
      .default(process.stderr.isTTY ? "text" : "json", "text on a terminal, json elsewhere"),
  )
  .addOption(durationOption("--stop-timeout <duration>", "how long an orderly stop may take", STOP_TIMEOUT_MS, "30s"))
  .action(async (entry: string, args: string[], options: RunningOptions) => {
    const { run } = await import("./verbs/run.ts");
    const code = await run(new Terminal(settingsOf(options)), {
      entry,
      args,
      name: options.name,
      logFormat: options.log,
      stopTimeoutMs: options.stopTimeout,
    });
    // All output is written. What the entry left open, a socket or an interval, must not keep an ended program alive.
    process.exit(code);
  });

inspecting("ls", "list the nodes of this user on this machine", false).action(async (options: CommonOptions) => {
  const { ls } = await import("./verbs/ls.ts");
  await ls(new Terminal(settingsOf(options)));
});

inspecting("ps", "list the processes of a node")
  .addOption(
    new Option("--sort <key>", `order by ${SORT_KEYS.join(", ")}; with - before it, largest first`)
      .default({ sort: "pid", descending: false }, "pid")
      .argParser(sortKey),
  )
  .option("--limit <n>", `processes at most, up to ${ROWS_MAX}`, count, 1_000)
  .action(async (options: CommonOptions & { sort: ReturnType<typeof sortKey>; limit: number }) => {
    const { ps } = await import("./verbs/ps.ts");
    await ps(new Terminal(settingsOf(options)), { ...options.sort, limit: options.limit });
  });

inspecting("tree [pid]", "draw the supervision tree, or what is below one process")
  .option("--children <n>", "children shown of each process", count, 20)
  .option("--limit <n>", `processes at most, up to ${ROWS_MAX}`, count, 1_000)
  .action(async (root: string | undefined, options: CommonOptions & { children: number; limit: number }) => {
    const { tree } = await import("./verbs/tree.ts");
    await tree(new Terminal(settingsOf(options)), {
      root,
      childrenMax: options.children,
      limit: options.limit,
    });
  });

inspecting("info <pid>", "show everything about one process").action(async (pid: string, options: CommonOptions) => {
  const { info } = await import("./verbs/info.ts");
  await info(new Terminal(settingsOf(options)), pid);
});

inspecting("kill <pid>", "send a process an exit signal", true, "Act")
  .option("--reason <reason>", "the exit reason; kill cannot be trapped", "shutdown")
  .option("-y, --yes", "do not ask")
  .action(async (pid: string, options: CommonOptions & { reason: string; yes?: true }) => {
    const { kill } = await import("./verbs/kill.ts");
    await kill(new Terminal(settingsOf(options)), pid, {
      reason: options.reason,
      isConfirmed: options.yes === true,
    });
  });

await main();

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  // Help and version have been printed.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.success;
  const printable = asPrintable(error instanceof CommanderError ? usageError(error) : error);
  new Terminal(
    settingsOf({
      json: process.argv.includes("--json") ? true : undefined,
      color: !process.argv.includes("--no-color"),
    }),
  ).error(printable);
  return EXIT_CODE_OF[printable.code];
}

/** Commander has printed the help already where no verb was given. */
function usageError(error: CommanderError): CommandError {
  if (error.code === "commander.help")
    return new CommandError("ERR_USAGE", "Cannot do anything as no verb was given", {
      hint: "krarup ls",
    });
  const named = process.argv.slice(2).find((arg) => program.commands.some((command) => command.name() === arg));
  const message = error.message.replace(/^error: /, "").replace(/\n+/g, " ");
  return new CommandError("ERR_USAGE", message, {
    hint: named === undefined ? "krarup --help" : `krarup ${named} --help`,
  });
}

function verb(group: string, nameAndArgs: string, description: string): Command {
  return program.command(nameAndArgs).description(description).helpGroup(`${group}:`);
}

function inspecting(nameAndArgs: string, description: string, isOfOneNode = true, group = "Look"): Command {
  const command = verb(group, nameAndArgs, description);
  if (isOfOneNode)
    command.option(
      "-n, --node <name>",
      "which node: its name, id, pid or socket; default $KRARUP_NODE, else the only one",
    );
  return command
    .option("--json", "print one JSON document")
    .addOption(durationOption("--timeout <duration>", "how long to wait for the node", TIMEOUT_MS, "5s"))
    .option("--no-color", "no colours, as with NO_COLOR")
    .option("--ascii", "no box drawing and no symbols")
    .option("-q, --quiet", "no hints and no remarks")
    .hook("preAction", endWithReader);
}

/** Whoever reads us may have seen enough: `krarup ps | head`. */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? EXIT.success : EXIT.failed),
  );
}

function settingsOf(options: {
  readonly [Name in keyof CommonOptions]: CommonOptions[Name] | undefined;
}): Settings {
  return {
    node: options.node,
    timeoutMs: options.timeout ?? TIMEOUT_MS,
    isJson: options.json === true,
    isColoured: options.color !== false,
    isAscii: options.ascii === true,
    isQuiet: options.quiet === true,
  };
}

function durationOption(flags: string, description: string, defaultMs: number, shown: string): Option {
  return new Option(flags, description).default(defaultMs, shown).argParser(duration);
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 1 || ms > 2 ** 31 - 1)
    throw new InvalidArgumentError("It must be a duration such as 250ms, 5s or 2m.");
  return ms;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > ROWS_MAX)
    throw new InvalidArgumentError(`It must be an integer from 1 to ${ROWS_MAX}.`);
  return value;
}

function sortKey(text: string): { sort: (typeof SORT_KEYS)[number]; descending: boolean } {
  const descending = text.startsWith("-");
  const sort = SORT_KEYS.find((key) => key === (descending ? text.slice(1) : text));
  if (sort === undefined) throw new InvalidArgumentError(`It must be one of ${SORT_KEYS.join(", ")}.`);
  return { sort, descending };
}

function ownVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  // Our own manifest, which a test packs and reads.
  return (JSON.parse(manifest) as { version: string }).version;
}
