// The formula that A. K. Erlang published in 1917, and that a telephone exchange is built by.
//
//              Aᴺ / N!
//   B = ─────────────────────        A erlangs offered to N trunks; B of the calls find every trunk busy
//        Σ  Aᵏ / k!,  k = 0 … N
//
// It needs Poisson arrivals, and calls that go away when they are blocked. It does not need exponential holding times: only
// their mean counts, inside A ("insensitivity"). That is what lets the chaos of this example shorten calls and still be judged.
//
// Computed as written it overflows at N = 171. The recursion below goes from N to N + 1 and stays between 0 and 1.

/**
 * The probability that a call finds all `trunks` busy when `erlangs` are offered.
 *
 * @param erlangs - calls per time unit × mean holding time in that unit; 0 or more
 * @param trunks - a whole number, 0 or more
 */
export function erlangB(erlangs: number, trunks: number): number {
  let blocking = 1;
  for (let n = 1; n <= trunks; n++) {
    const offered = erlangs * blocking;
    blocking = offered / (n + offered);
  }
  return blocking;
}
