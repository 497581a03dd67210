// One importer per third-party package in each of ours, so that replacing one is one review.

import { importsOf, packageOf } from "./imports.ts";
import { type Source, type Violation, violationAt } from "./source.ts";

/** Third-party packages that a second file of one of our packages imports. */
export function checkImporters(sources: readonly Source[]): Violation[] {
  const importers = new Map<string, string>();
  return sources
    .filter(({ path }) => /^packages\/[^/]+\/src\//.test(path))
    .flatMap((source) =>
      importsOf(source).flatMap(({ specifier, offset }) => {
        if (!isThirdParty(specifier)) return [];
        const name = packageOf(specifier);
        const importer = `${source.path.split("/", 2).join("/")} ${name}`;
        const first = importers.get(importer) ?? source.path;
        importers.set(importer, first);
        if (first === source.path) return [];
        return [violationAt(source, offset, `${name} is imported by ${first} already`)];
      }),
    );
}

function isThirdParty(specifier: string): boolean {
  return !/^(\.|node:|@krarup\/)/.test(specifier);
}
