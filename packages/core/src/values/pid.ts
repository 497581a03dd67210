declare const accepts: unique symbol;

/**
 * A process identifier: the address of one process, typed by the messages it understands.
 *
 * @remarks
 * Two pids are the same process exactly when they are `===`. A pid is a Map key, travels in messages unchanged, prints as
 * `<0.42.0>` and is never reused. `Pid<M>` is contravariant: a process that understands more may stand where one that
 * understands less is asked for.
 *
 * @typeParam M - messages the process understands
 * @see {@link https://www.erlang.org/doc/system/data_types.html#pid | Erlang, Pid}
 */
export interface Pid<in M = never> {
  /** Exists for the type checker only. */
  readonly [accepts]?: (message: M) => void;
  /** Slot in the process table of its node: the middle number of the printed form. */
  readonly index: number;
  /** How often the slot had been used before: the last number of the printed form. */
  readonly serial: number;
  /** `<0.42.0>` */
  toString(): string;
}

/** Any process, whatever it understands; the type to hold a pid that is only watched, linked or ended. */
export type AnyPid = Pid<never>;

/** A registered name together with the node it is registered on. */
export interface NameAtNode {
  readonly name: string;
  readonly node: string;
}
