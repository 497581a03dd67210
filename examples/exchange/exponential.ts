// Exponential times without a logarithm.
//
// The usual way is -Math.log(u). ECMAScript lets every engine round a logarithm as it likes, so a seed would promise the same
// run only on the same engine. John von Neumann's method (1951) compares and counts, nothing else, so it is exact anywhere:
//
//   draw uniforms while they fall:   u₁ > u₂ > … > uₙ, and uₙ₊₁ is not smaller
//   n odd    the first of them, u₁, is the fraction; done
//   n even   one more whole unit; again
//
// A run longer than n has probability u₁ⁿ / n!; the odd runs sum up to exp(-u₁). About 4.3 uniforms per time.

/** A time that is exponential with mean `mean`. */
export function exponential(random: () => number, mean: number): number {
  for (let whole = 0; ; whole++) {
    const first = random();
    if (fallingRun(random, first) % 2 === 1) return (whole + first) * mean;
  }
}

function fallingRun(random: () => number, first: number): number {
  let length = 1;
  let last = first;
  for (let next = random(); next < last; next = random()) {
    last = next;
    length++;
  }
  return length;
}
