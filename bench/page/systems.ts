// The systems on the page: what each is called, and how it is drawn. Colour tells the family, shape the member, so that neither is needed
// alone.

export type Family = "ours" | "beam" | "native" | "python" | "javascript";
export type Shape = "circle" | "square" | "diamond" | "triangle" | "plus" | "cross";

/** A system with its mark. */
export interface System {
  /** As in the result files. */
  readonly name: string;
  readonly title: string;
  readonly family: Family;
  readonly shape: Shape;
  readonly isHollow?: boolean;
}

/** We, in the plots that are no ratios to us. */
export const US: System = { name: "krarup", title: "krarup", family: "ours", shape: "circle" };

/** Every other system, in the order of columns and legends. */
export const OTHERS: readonly System[] = [
  { name: "erlang", title: "Erlang/OTP", family: "beam", shape: "circle" },
  { name: "elixir", title: "Elixir", family: "beam", shape: "square" },
  { name: "go", title: "Go", family: "native", shape: "triangle" },
  { name: "tokio", title: "tokio", family: "native", shape: "diamond" },
  { name: "gevent", title: "gevent", family: "python", shape: "plus" },
  { name: "promise", title: "promises", family: "javascript", shape: "circle", isHollow: true },
  { name: "effect", title: "Effect", family: "javascript", shape: "square", isHollow: true },
  { name: "xstate", title: "XState", family: "javascript", shape: "triangle", isHollow: true },
  { name: "nact", title: "nact", family: "javascript", shape: "diamond", isHollow: true },
  { name: "comedy", title: "comedy", family: "javascript", shape: "cross", isHollow: true },
];
