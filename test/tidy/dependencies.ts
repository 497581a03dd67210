// Every dependency has been decided on, in writing, at one exact version.

export interface Manifest {
  readonly path: string;
  /** Of all kinds, with what was asked for. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Dependencies without a row in the table of `record`, rows without a dependency, versions that are not exact. */
export function checkDependencies(manifests: readonly Manifest[], record: string): string[] {
  const asked = manifests.flatMap(({ path, dependencies }) =>
    Object.entries(dependencies).map(([name, version]) => ({ path, name, version })),
  );
  const used = new Set(asked.map(({ name }) => name).filter((name) => !isOurs(name)));
  const recorded = new Set([...record.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name = ""]) => name));
  return [
    ...[...used.difference(recorded)].map((name) => `${name} has no row in the record`),
    ...[...recorded.difference(used)].map((name) => `${name} is recorded but not used`),
    ...asked
      .filter(({ version }) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(({ path, name, version }) => `${path}: ${name} has no exact version: ${version}`),
  ];
}

function isOurs(name: string): boolean {
  return name === "krarup" || name.startsWith("@krarup/");
}
