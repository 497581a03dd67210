/**
 * What is known by its identity alone, and therefore travels as it is: pids, refs and the handles that are refs.
 *
 * A common ancestor, because a walk up the prototypes is the one question about an object that V8 answers in 3 ns whatever its shape.
 */
export abstract class Identity {}
