// Traces as text: one JSON array per line, in which whatever differs between two runs has a name or a placeholder instead.
//
// Names are given here and not while logging, so that they follow the order of first appearance in the text.

import { AnyTable, isPid, Ref } from "@krarup/core";
import { errorValue } from "./exceptions.ts";

/** Gives each thing of one kind a name: a prefix and a number, in the order of first appearance. */
class Namer {
  readonly #prefix: string;
  readonly #names = new Map<unknown, string>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  nameOf(thing: unknown): string {
    const known = this.#names.get(thing);
    if (known !== undefined) return known;
    const name = `${this.#prefix}${this.#names.size + 1}`;
    this.#names.set(thing, name);
    return name;
  }
}

/** The text of a trace: what `lines` hold, rendered by the rules in scenarios.md. */
export function renderTrace(lines: readonly (readonly unknown[])[], nodeName: string): string {
  const renderer = new Renderer(nodeName);
  return lines.map((line) => `${renderer.render(line)}\n`).join("");
}

class Renderer {
  readonly #nodeName: string;
  readonly #pids = new Namer("P");
  readonly #refs = new Namer("R");

  constructor(nodeName: string) {
    this.#nodeName = nodeName;
  }

  render(term: unknown): string {
    switch (typeof term) {
      case "undefined":
        return '"undefined"';
      case "string":
        return JSON.stringify(term === this.#nodeName ? "@node" : term);
      case "number":
      case "boolean":
        return String(term);
      case "function":
        return '"@fun"';
      case "object":
        return this.#renderObject(term);
      case "bigint":
      case "symbol":
        throw new TypeError(`Cannot render ${String(term)} as traces hold Erlang terms only`);
    }
  }

  #renderObject(term: object | null): string {
    if (term === null) throw new TypeError("Cannot render null as no Erlang term is like it");
    if (isPid(term)) return JSON.stringify(this.#pids.nameOf(term));
    // The table of a name is called by it, as in Erlang, where the name is the identifier.
    if (term instanceof AnyTable && term.name !== undefined) return JSON.stringify(term.name);
    if (term instanceof Ref) return JSON.stringify(this.#refs.nameOf(term));
    if (term instanceof Error) return this.render([errorValue(term), STACK]);
    if (term === STACK) return '"@stack"';
    if (Array.isArray(term)) return `[${term.map((part) => this.render(part)).join(",")}]`;
    const tuple = tupleOf(term);
    return tuple === undefined ? this.#renderMap(term) : this.render(tuple);
  }

  #renderMap(term: object): string {
    const entries = Object.entries(term).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${this.render(value)}`).join(",")}}`;
  }
}

/** Stands for the stack of an error that has become an exit reason. */
const STACK: object = Object.freeze({});

/** The tuple that Erlang has where we have an object; undefined for an object that is a map. */
function tupleOf(term: object): unknown {
  // Only own properties are read below, and each as unknown.
  const parts = term as Readonly<Record<string, unknown>>;
  switch (parts["type"]) {
    case "DOWN":
      return ["DOWN", parts["ref"], "process", parts["pid"], parts["reason"]];
    case "EXIT":
      return ["EXIT", parts["pid"], parts["reason"]];
    case "timeout":
      return ["timeout", parts["ref"], parts["message"]];
    case "ETS-TRANSFER":
      return ["ETS-TRANSFER", parts["table"], parts["from"], parts["data"]];
    case "call":
      return "@call";
    default:
      return "node" in term && "name" in term ? [parts["name"], parts["node"]] : undefined;
  }
}
