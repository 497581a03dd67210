// Files that are longer than the rule allows, each with its reason. An entry that is not needed any more is an error.

export const LONG_FILES: Readonly<Record<string, string>> = {};
