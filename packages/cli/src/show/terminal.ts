// Where the command prints. stdout is data, stderr is talk: `krarup ps --json | jq` always works.

import { styleText } from "node:util";
import type { Settings } from "../settings.ts";
import { printable, printableJson } from "./printable.ts";

/** The looks used; colour never carries a meaning alone. */
export type Look = Parameters<typeof styleText>[0];

/** The symbols of a picture, in Unicode or ASCII. */
export interface Symbols {
  readonly branch: string;
  readonly last: string;
  readonly line: string;
  readonly blank: string;
  readonly restart: string;
  readonly arrow: string;
  readonly ellipsis: string;
}

const UNICODE: Symbols = {
  branch: "├─ ",
  last: "└─ ",
  line: "│  ",
  blank: "   ",
  restart: "↻",
  arrow: "→",
  ellipsis: "…",
};
const ASCII: Symbols = {
  branch: "|- ",
  last: "`- ",
  line: "|  ",
  blank: "   ",
  restart: "restarts",
  arrow: "->",
  ellipsis: "...",
};

/** The two streams of the command, each with its own idea of whether a person looks at it. */
export class Terminal {
  readonly settings: Settings;
  readonly symbols: Symbols;

  constructor(settings: Settings) {
    this.settings = settings;
    this.symbols = settings.isAscii ? ASCII : UNICODE;
  }

  /** Columns of stdout, where it is a terminal; elsewhere lines are never cut. */
  get width(): number {
    return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  }

  /** Prints lines of data, which must be printable. */
  lines(lines: readonly string[]): void {
    if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
  }

  /** Prints `data` as the JSON document of `verb`, see docs/cli.md. */
  document(verb: string, header: DocumentHeader, data: readonly unknown[]): void {
    const { node, at, total } = header;
    this.lines([
      printableJson({
        schema: `krarup.${verb}/1`,
        node,
        time: new Date(at).toISOString(),
        total,
        data,
      }),
    ]);
  }

  /** `text` in a look, where stdout shows colours. */
  paint(look: Look, text: string): string {
    return this.settings.isColoured ? styleText(look, text, { stream: process.stdout }) : text;
  }

  /** Tells the person something beside the data; nothing with `--quiet`. */
  talk(text: string): void {
    if (!this.settings.isQuiet) process.stderr.write(`${printable(text)}\n`);
  }

  /** Tells what to try next, if a person is there to read it. */
  hint(command: string): void {
    if (process.stdout.isTTY && process.stderr.isTTY && !this.settings.isJson) this.talk(`hint: ${command}`);
  }

  /** Prints an error: what and why, then what to do next. Never quiet. */
  error(error: { readonly code: string; readonly message: string; readonly hint: string | undefined }): void {
    const { code, message, hint } = error;
    if (this.settings.isJson) {
      process.stderr.write(`${printableJson({ error: { code, message, hint: hint ?? null } })}\n`);
      return;
    }
    const word = this.settings.isColoured ? styleText("red", "error:", { stream: process.stderr }) : "error:";
    const body = message.split("\n").map(printable).join("\n");
    process.stderr.write(`${word} ${body}\n${hint === undefined ? "" : `hint: ${printable(hint)}\n`}`);
  }
}

/** What stands around the data of a document. */
export interface DocumentHeader {
  /** Null where the data is not of one node. */
  readonly node: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Rows there would be without any limit. */
  readonly total: number;
}
