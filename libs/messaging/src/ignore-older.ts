import { isNewer, type EntityVersion, type Fact } from '@leasewire/contracts';

/**
 * Events come at least once and, after a retry, out of order. `if (ignoreOlder(fact, known?.version)) return;` is all a
 * handler needs that reconciles to the state an event carries.
 */
export function ignoreOlder(fact: Pick<Fact, 'version'>, known: EntityVersion | undefined): boolean {
  return !isNewer(fact.version, known);
}
