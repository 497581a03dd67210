// Links of one process, shaped by how many there are: null, one, or a Set.
// Nearly every process has exactly one link (to its supervisor), and an empty Set costs 152 bytes.
// Order is the order of linking, so that a cascade is the same in every run.

/** The peers of one process. */
export type Links<T extends object> = null | T | Set<T>;

/** `links` with `peer` in it. Adding twice changes nothing. */
export function addLink<T extends object>(links: Links<T>, peer: T): Links<T> {
  if (links === null || links === peer) return peer;
  if (links instanceof Set) return links.add(peer);
  return new Set([links, peer]);
}

/** `links` without `peer`. */
export function removeLink<T extends object>(links: Links<T>, peer: T): Links<T> {
  if (links === peer) return null;
  if (links instanceof Set) {
    links.delete(peer);
    return links.size === 0 ? null : links;
  }
  return links;
}

/** Whether `peer` is linked. */
export function hasLink<T extends object>(links: Links<T>, peer: T): boolean {
  return links instanceof Set ? links.has(peer) : links === peer;
}

/** The peers in the order of linking. */
export function listLinks<T extends object>(links: Links<T>): T[] {
  if (links === null) return [];
  return links instanceof Set ? [...links] : [links];
}
