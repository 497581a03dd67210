// A list that grows and shrinks at both ends in constant time.
//
//   #front  c b a        #back  d e f        is  a b c d e f
//           ◄── grows           grows ──►

/** Texts in order. */
export class List {
  /** Reversed. */
  #front: string[] = [];
  #back: string[] = [];

  get length(): number {
    return this.#front.length + this.#back.length;
  }

  pushLeft(text: string): void {
    this.#front.push(text);
  }

  pushRight(text: string): void {
    this.#back.push(text);
  }

  popLeft(): string | undefined {
    if (this.#front.length === 0) this.#front = this.#back.splice(0, Math.ceil(this.#back.length / 2)).toReversed();
    return this.#front.pop();
  }

  popRight(): string | undefined {
    if (this.#back.length === 0) this.#back = this.#front.splice(0, Math.ceil(this.#front.length / 2)).toReversed();
    return this.#back.pop();
  }

  /** The texts from position `from` up to, not with, `to`. Cost: O(texts returned). */
  slice(from: number, to: number): string[] {
    const inFront = this.#front.length;
    const front = this.#front.slice(Math.max(0, inFront - to), Math.max(0, inFront - from)).toReversed();
    return [...front, ...this.#back.slice(Math.max(0, from - inFront), Math.max(0, to - inFront))];
  }
}
