// Which handler serves which event in which state: the state's own, or else the one at the top of the definition.

/** Any handler, as the table knows it: typed where it was written, and again where the request is made. */
export type AnyHandler = (self: never, ...args: never[]) => unknown;

/** The kinds of handlers that come as a record of names. */
export type NamedKind = "call" | "cast" | "internal" | "timeout";

/** The kinds of handlers of which a state has at most one. */
export type SingleKind = "enter" | "info" | "stateTimeout" | "eventTimeout";

type HandlerRecord = { readonly [K in NamedKind]?: Readonly<Record<string, AnyHandler | undefined>> } & {
  readonly [K in SingleKind]?: AnyHandler;
};

/** What the table needs of a definition. */
export interface TableDefinition extends HandlerRecord {
  readonly name?: string;
  readonly states: object;
  readonly init: (...args: never[]) => unknown;
  readonly terminate?: AnyHandler;
  readonly formatStatus?: (...args: never[]) => unknown;
  readonly codeChange?: (...args: never[]) => unknown;
}

/** A definition, prepared. */
export interface StatemPlan {
  readonly definition: TableDefinition;
  readonly entry: unknown;
  readonly hasEnterCalls: boolean;
  /** Whether there is a state of this name. */
  isState(name: string): boolean;
  /** The names that any state has handlers of `kind` for. */
  namesOf(kind: NamedKind): Iterable<string>;
  /** The handler for a named event. */
  named(state: string, kind: NamedKind, name: unknown): AnyHandler | undefined;
  /** The handler for an event without a name. */
  single(state: string, kind: SingleKind): AnyHandler | undefined;
}

/** Prepares a definition. */
export function planOf(definition: TableDefinition): StatemPlan {
  // Every entry of `states` is a StateDefinition, by the type of a definition.
  const states = new Map(Object.entries(definition.states as Readonly<Record<string, HandlerRecord>>));
  const all = [definition, ...states.values()];
  return {
    definition,
    entry: definition.name ?? "gen_statem",
    hasEnterCalls: all.some(({ enter }) => enter !== undefined),
    isState: (name) => states.has(name),
    namesOf: (kind) => new Set(all.flatMap((handlers) => Object.keys(handlers[kind] ?? {}))),
    named: (state, kind, name) => own(states.get(state)?.[kind], name) ?? own(definition[kind], name),
    single: (state, kind) => states.get(state)?.[kind] ?? definition[kind],
  };
}

/** Never what an object has from its prototype: names come from messages. */
function own(
  handlers: Readonly<Record<string, AnyHandler | undefined>> | undefined,
  name: unknown,
): AnyHandler | undefined {
  return handlers !== undefined && typeof name === "string" && Object.hasOwn(handlers, name)
    ? handlers[name]
    : undefined;
}
