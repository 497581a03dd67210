// The floors: which package may import which, and inside the core, which folder may import which. Imports go down only; those of the
// world in the ports go out by one room.

import { posix } from "node:path";
import { importsOf, packageOf } from "./imports.ts";
import { type Source, type Violation, violationAt } from "./source.ts";

const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  supervisor: ["core"],
  ports: ["core", "supervisor"],
  testing: ["core", "supervisor", "ports"],
  observer: ["core", "supervisor"],
  cli: ["core", "supervisor", "ports", "testing", "observer"],
};

/** Packages that know no platform. */
const NEUTRAL = ["core", "supervisor"];

/** What of Node is the world; only files of `ports/src/outside` reach for it, so that a simulation can take its place. */
const WORLD = /^node:(child_process|dgram|dns|fs|http|http2|https|net|readline|tls|tty)(\/|$)/;

const CORE_FLOORS: Readonly<Record<string, readonly string[]>> = {
  values: ["values"],
  mechanisms: ["values", "mechanisms"],
  kernel: ["values", "mechanisms", "kernel"],
  behaviours: ["values", "mechanisms", "kernel", "behaviours"],
  // Implementations of the door know the door and no more of the kernel.
  platforms: ["values", "platforms", "kernel/platform.ts"],
};

/** Imports of a package's source that go up, sideways or out. */
export function checkFloors(source: Source): Violation[] {
  const [, from = "", ...inside] = /^packages\/([^/]+)\/src\/(.+)$/.exec(source.path) ?? [];
  const file = inside.join("/");
  if (file === "") return [];
  return importsOf(source).flatMap(({ specifier, offset }) => {
    const complaint = specifier.startsWith(".")
      ? checkRelative(from, file, specifier)
      : (checkPackage(from, specifier) ?? checkWorld(from, file, specifier));
    return complaint === null ? [] : [violationAt(source, offset, complaint)];
  });
}

function checkPackage(from: string, specifier: string): string | null {
  if (specifier.startsWith("node:"))
    return NEUTRAL.includes(from) ? `${from} knows no platform: it may not import ${specifier}` : null;
  const to = /^@krarup\/(.+)$/.exec(packageOf(specifier))?.[1];
  if (to === undefined || PACKAGES[from]?.includes(to) === true) return null;
  return `${from} may not import ${to}`;
}

function checkWorld(from: string, file: string, specifier: string): string | null {
  if (from !== "ports" || file.startsWith("outside/") || !WORLD.test(specifier)) return null;
  return `the world is reached by way of outside/: ${file} may not import ${specifier}`;
}

function checkRelative(from: string, file: string, specifier: string): string | null {
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  if (target.startsWith("..")) return `a relative import may not leave the package: ${specifier}`;
  return from === "core" ? checkCoreFloor(file, target) : null;
}

function checkCoreFloor(file: string, target: string): string | null {
  const floor = floorOf(file);
  // The entry points stand above all floors.
  if (floor === null) return null;
  const mayImport = CORE_FLOORS[floor];
  if (mayImport === undefined) return `core has no floor ${floor}`;
  const isAllowed = mayImport.some((place) => place === target || place === floorOf(target));
  return isAllowed ? null : `${floor} may not import ${target}`;
}

/** A floor may have rooms, which are folders in it: `behaviours/log`. */
function floorOf(file: string): string | null {
  const [floor = "", ...rest] = file.split("/");
  return rest.length > 0 ? floor : null;
}
