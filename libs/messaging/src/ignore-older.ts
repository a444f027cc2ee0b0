import { isNewer, type EntityVersion, type Fact } from '@leasewire/contracts';

/**
 * Events come at least once and, after a retry, out of order. `if (ignoreOlder(fact, known?.version)) return;` is all a
 * handler needs that reconciles to the state an event carries. The same version is not older: one change may be told by
 * several events, each with the same state, and each is for somebody. The inbox sees to it that none is handled twice.
 */
export function ignoreOlder(fact: Pick<Fact, 'version'>, known: EntityVersion | undefined): boolean {
  return known !== undefined && isNewer(known, fact.version);
}
