// How far a measured blocking probability may be off.
//
// Calls are not independent: while the trunks are full, one blocked call follows another. The textbook ±z·√(p(1-p)/n) takes
// them for independent and is several times too narrow. Batch means are the remedy: cut the sequence into batches that are
// long compared with a holding time. The means of two such batches have next to nothing to do with each other, so they are
// judged as independent measurements: mean, standard deviation, Student's t.
//
// How long the run will be is not known, so batches grow with it: when there are 64, neighbours are joined to 32 of twice the
// length. The memory stays constant.

const BATCHES_MAX = 64;
/** With fewer batches there is no interval yet. */
const BATCHES_MIN = 10;
/** 99 % of a normal distribution lies within this many standard deviations. */
const Z = 2.5758293035489;

/** A sequence of hits and misses, summed up in batches. */
export class BatchMeans {
  #sums: number[] = [];
  #length: number;
  #seen = 0;
  #hits = 0;

  /** @param length - of the first batches: longer than the memory of the sequence */
  constructor(length: number) {
    this.#length = length;
  }

  /** Takes the next one in. */
  add(isHit: boolean): void {
    if (isHit) this.#hits++;
    if (++this.#seen < this.#length) return;
    this.#sums.push(this.#hits);
    this.#seen = this.#hits = 0;
    if (this.#sums.length === BATCHES_MAX) this.#join();
  }

  #join(): void {
    const sums = this.#sums;
    this.#sums = sums.filter((_, i) => i % 2 === 0).map((sum, i) => sum + (sums[2 * i + 1] ?? 0));
    this.#length *= 2;
  }

  /** Half the width of the 99 % confidence interval around the share of hits; undefined while it is too early to say. */
  halfWidth(): number | undefined {
    const count = this.#sums.length;
    // Without a single hit nothing is known of how hits come.
    if (count < BATCHES_MIN || this.#sums.every((sum) => sum === 0)) return undefined;
    const means = this.#sums.map((sum) => sum / this.#length);
    const mean = means.reduce((sum, each) => sum + each, 0) / count;
    const variance = means.reduce((sum, each) => sum + square(each - mean), 0) / (count - 1);
    return studentT(count - 1) * Math.sqrt(variance / count);
  }
}

/**
 * The factor that replaces `Z` when the standard deviation itself is measured, from `freedom` + 1 values.
 *
 * The first terms of the Cornish-Fisher expansion; from 9 degrees of freedom on they are good for three digits. Powers are
 * written as products: engines may round `**` differently.
 */
export function studentT(freedom: number): number {
  const z2 = square(Z);
  const first = (Z * (z2 + 1)) / 4;
  const second = (Z * (5 * square(z2) + 16 * z2 + 3)) / 96;
  const third = (Z * (3 * square(z2) * z2 + 19 * square(z2) + 17 * z2 - 15)) / 384;
  return Z + (first + (second + third / freedom) / freedom) / freedom;
}

function square(value: number): number {
  return value * value;
}
