// Names, labels and messages come from the program, and may come from its own clients. Printed as they are, a control sequence among them
// could move the cursor, rename the window, or hide a line. So nothing reaches a terminal but through here.

/** Control characters, marks that turn the direction of text, separators that end a line, and the invisible byte order mark. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

/** `text` on one line, with `\u001b` and the like spelled out. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, spelled);
}

/** Text of JSON in which every such character is spelled out too: the same data, safe to look at. */
export function printableJson(value: unknown, indent?: number): string {
  // Within JSON they can only stand inside strings, where the spelling means the same. Line feeds of the indentation stay.
  return JSON.stringify(value, undefined, indent).replace(UNPRINTABLE, (character) =>
    character === "\n" ? character : spelled(character),
  );
}

function spelled(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
