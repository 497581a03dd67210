// Colours, and the measuring of text that has some.

const CODES = {
  dim: "2",
  bold: "1",
  red: "31",
  green: "32",
  yellow: "33",
  magenta: "35",
  cyan: "36",
} as const;

/** How a piece of text looks. */
export type Style = keyof typeof CODES;

/** Gives `text` a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Without colour every text stays plain. */
export function painter(isColoured: boolean): Paint {
  return isColoured ? (style, text) => `\u001B[${CODES[style]}m${text}\u001B[0m` : (_, text) => text;
}

/** Columns that `text` takes up. Every character used here is one column wide. */
export function widthOf(text: string): number {
  return text.split("\u001B").reduce((sum, part, i) => sum + plainLength(part, i > 0), 0);
}

function plainLength(part: string, isAfterEscape: boolean): number {
  return isAfterEscape ? part.length - part.indexOf("m") - 1 : part.length;
}

/** `text` and as many spaces as bring it to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}
