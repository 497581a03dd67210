// Keys, their values, and when they expire. A key whose time has come is not there for anybody from that moment on, whether or not the
// alarm that removes it has rung yet.

import { List } from "./list.ts";

export type Hash = Map<string, string>;
export type Value = string | List | Hash;

/** Rings when a key expires: then call {@link Database.ring}. */
export interface Alarms {
  set(key: string, delayMs: number): void;
  clear(key: string): void;
  clearAll(): void;
}

/** Why a command cannot be done, in Redis's words. */
export class CommandError extends Error {}

/** All that one server stores. */
export class Database {
  readonly #values = new Map<string, Value>();
  /** In milliseconds since 1970. */
  readonly #deadlines = new Map<string, number>();
  readonly #now: () => number;
  readonly #alarms: Alarms;
  /** Grows whenever something changes. */
  changes = 0;

  /** @param now - milliseconds since 1970 */
  constructor(now: () => number, alarms: Alarms) {
    this.#now = now;
    this.#alarms = alarms;
  }

  get size(): number {
    return this.#values.size;
  }

  get expiring(): number {
    return this.#deadlines.size;
  }

  now(): number {
    return this.#now();
  }

  entries(): Iterable<[key: string, value: Value]> {
    return this.#values;
  }

  get(key: string): Value | undefined {
    // Most databases have no key that expires.
    if (this.#deadlines.size > 0 && this.#isOver(key)) this.remove(key);
    return this.#values.get(key);
  }

  /** @throws {@link CommandError} for a value of another kind; here and in the two that follow */
  text(key: string): string | undefined {
    const value = this.get(key);
    if (value === undefined || typeof value === "string") return value;
    throw wrongType();
  }

  list(key: string): List | undefined {
    const value = this.get(key);
    if (value === undefined || value instanceof List) return value;
    throw wrongType();
  }

  hash(key: string): Hash | undefined {
    const value = this.get(key);
    if (value === undefined || value instanceof Map) return value;
    throw wrongType();
  }

  /** Gives `key` a new value, which stays until somebody says otherwise. */
  put(key: string, value: Value): void {
    if (this.#deadlines.size > 0) this.keep(key);
    this.#values.set(key, value);
  }

  /** Gives `key` a new value; it expires when the old one would have. */
  replace(key: string, value: Value): void {
    this.#values.set(key, value);
  }

  /** @returns whether it was there */
  remove(key: string): boolean {
    const isExpired = this.#isOver(key);
    this.keep(key);
    this.changes++;
    return this.#values.delete(key) && !isExpired;
  }

  clear(): void {
    this.#values.clear();
    this.#deadlines.clear();
    this.#alarms.clearAll();
  }

  /** When `key` expires; undefined for never. */
  deadline(key: string): number | undefined {
    return this.#deadlines.get(key);
  }

  /** Makes `key`, which is there, expire. */
  expireAt(key: string, deadline: number): void {
    const delayMs = deadline - this.#now();
    if (delayMs <= 0) {
      this.remove(key);
      return;
    }
    this.#deadlines.set(key, deadline);
    this.#alarms.set(key, delayMs);
  }

  /** Takes back that `key` expires. @returns whether it would have */
  keep(key: string): boolean {
    if (!this.#deadlines.delete(key)) return false;
    this.#alarms.clear(key);
    return true;
  }

  /** Removes `key` if its time has come; an alarm may be early by less than a millisecond, or late for a key that lives longer now. */
  ring(key: string): void {
    const deadline = this.#deadlines.get(key);
    if (deadline !== undefined) this.expireAt(key, deadline);
  }

  #isOver(key: string): boolean {
    const deadline = this.#deadlines.get(key);
    return deadline !== undefined && deadline <= this.#now();
  }
}

function wrongType(): CommandError {
  return new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
}
