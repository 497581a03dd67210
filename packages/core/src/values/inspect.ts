/** Makes Node's console and inspector show objects with this prototype as they print, and not their insides. */
export function inspectAsPrinted(prototype: object): void {
  Object.defineProperty(prototype, Symbol.for("nodejs.util.inspect.custom"), {
    value(this: object): string {
      return String(this);
    },
  });
}
