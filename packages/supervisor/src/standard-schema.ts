// Standard Schema, version 1: what a validator of any library looks like from outside. Copied from its specification, which asks for that;
// so nobody needs a dependency, and zod, valibot, arktype and their like fit as they are.

/**
 * A validator of any library that follows Standard Schema.
 *
 * @see {@link https://standardschema.dev | Standard Schema}
 */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    /** Checks `value`. Where a promise may come back we refuse the schema: there is nobody who could wait for it. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** For the type checker only. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a validator says: a value, perhaps another than it was given, or what is wrong. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong. */
export interface SchemaIssue {
  readonly message: string;
  /** Where, from the outside in. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** `servers.0.port: Expected a number` */
export function describeIssue({ message, path = [] }: SchemaIssue): string {
  const where = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return where === "" ? message : `${where}: ${message}`;
}
