// Names, labels and messages come from the program, and may come from its own clients. Printed as they are, a control sequence among them
// could move the cursor, rename the window, or hide a line. So nothing reaches a terminal but through here.

/** Control characters C0, DEL and C1, marks that turn the direction of text, and the separators that end a line. */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** `text` on one line, with `\u001b` and the like spelled out. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, spelled);
}

/** Text of JSON in which every such character is spelled out too: the same data, safe to look at. */
export function printableJson(value: unknown, indent?: number): string {
  // Within JSON they can only stand inside strings, where the spelling means the same. Line feeds of the indentation stay.
  return JSON.stringify(value, undefined, indent).replace(UNPRINTABLE, (character) => (character === "\n" ? character : spelled(character)));
}

function spelled(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
