// The configuration of applications, for everybody.

import { currentNode } from "@krarup/core/internal";
import { type Application, nameOf } from "./application.ts";
import { applicationsOf } from "./application-table.ts";
import type { ApplicationEnv } from "./application-env.ts";

/** How long a value stays. */
export interface EnvOptions {
  /** Whether it outlives the unloading of the application, and goes before its defaults when that is loaded. Default false. */
  readonly persistent?: boolean;
}

type Key<E> = keyof E & string;

/**
 * Reads a value of an application's environment.
 *
 * **Cost.** A look-up, and a copy unless the value is immutable.
 *
 * @param fallback - returned where there is no value; default undefined
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#get_env/3 | application:get_env/3}. Differs from OTP: the application is
 * always named.
 */
export function getEnv<E extends object, K extends Key<E>>(app: Application<E>, key: K): E[K] | undefined;
export function getEnv<E extends object, K extends Key<E>>(app: Application<E>, key: K, fallback: E[K]): E[K];
export function getEnv(app: string, key: string, fallback?: unknown): unknown;
export function getEnv(app: Application | string, key: string, fallback?: unknown): unknown {
  const value = envOf(app).get(key);
  return value === undefined ? fallback : value;
}

/**
 * Sets a value of an application's environment, loaded or not. Who has read the old one is not told.
 *
 * @remarks
 * What is set before the application is loaded gives way to its defaults, unless it persists.
 *
 * @param value - any plain data
 * @throws {@link EnvError} when the schema refuses the environment with that value; then nothing has changed
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#set_env/4 | application:set_env/4}
 */
export function setEnv<E extends object, K extends Key<E>>(
  app: Application<E>,
  key: K,
  value: E[K],
  options?: EnvOptions,
): void;
export function setEnv(app: string, key: string, value: unknown, options?: EnvOptions): void;
export function setEnv(app: Application | string, key: string, value: unknown, options: EnvOptions = {}): void {
  envOf(app).set(key, value, options.persistent === true);
}

/**
 * Removes a value from an application's environment.
 *
 * @throws {@link EnvError} when the schema refuses the environment without it; then nothing has changed
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#unset_env/3 | application:unset_env/3}
 */
export function unsetEnv(app: Application | string, key: string, options: EnvOptions = {}): void {
  envOf(app).unset(key, options.persistent === true);
}

/**
 * The whole environment of an application; empty when nothing is known of it.
 *
 * @see {@link https://www.erlang.org/doc/apps/kernel/application.html#get_all_env/1 | application:get_all_env/1}
 */
export function getAllEnv<E extends object>(app: Application<E>): Partial<E>;
export function getAllEnv(app: string): Readonly<Record<string, unknown>>;
export function getAllEnv(app: Application | string): object {
  return envOf(app).all();
}

function envOf(app: Application | string): ApplicationEnv {
  return applicationsOf(currentNode()).envOf(nameOf(app));
}
