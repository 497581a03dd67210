/** Scenarios that have not been written yet, and what each one waits for. */
export const NOT_YET: Readonly<Record<string, string>> = {};
