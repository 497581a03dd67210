// Functions that tests call in simulated threads.

export function add(a: number, b: number): number {
  return a + b;
}

export function fail(message: string): never {
  throw new RangeError(message);
}

export function later(value: string): Promise<string> {
  return Promise.resolve(value);
}

export function makeFunction(): () => void {
  return () => undefined;
}
