// The command `krarup`: reads the arguments, hands over to a verb, sets the exit code.

import { readFileSync } from "node:fs";
import { Command } from "commander";

const program = new Command("krarup")
  .description("Runs, inspects and explains krarup nodes.")
  .version(ownVersion());

await program.parseAsync();

function ownVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  // Our own manifest, which a test packs and reads.
  return (JSON.parse(manifest) as { version: string }).version;
}
