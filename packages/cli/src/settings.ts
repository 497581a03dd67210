/** What the options common to all verbs say. */
export interface Settings {
  /** Name, id, operating system's pid or socket of the node; undefined means the only one. */
  readonly node: string | undefined;
  readonly timeoutMs: number;
  readonly isJson: boolean;
  readonly isColoured: boolean;
  readonly isAscii: boolean;
  readonly isQuiet: boolean;
}
