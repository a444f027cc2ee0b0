import { allEvents, DomainError, permits, type EventContract, type Principal } from '@leasewire/contracts';
import type { StoredEvent } from './ring.js';

/** Types that can be given out at all: those for the platform itself never are. */
export const publicEvents: readonly EventContract[] = allEvents.filter((contract) => contract.view !== 'service');
const byType = new Map(publicEvents.map((contract) => [contract.type, contract]));

/** Refuses what does not exist and what the caller may not see: an empty answer would look like “nothing happened”. */
export function assertTypes(types: readonly string[], principal: Principal): void {
  const unknown = types.filter((type) => !byType.has(type));
  if (unknown.length > 0)
    throw new DomainError('invalid-input', `There are no events of the type ${unknown.slice(0, 3).join(', ')}.`, {
      fields: unknown.slice(0, 20).map((type) => ({ path: 'types', message: `“${type.slice(0, 120)}” is not a type of event` })),
    });
  const hidden = types.filter((type) => !maySeeType(type, principal));
  if (hidden.length > 0)
    throw new DomainError('forbidden', `You may not see events of the type ${hidden.slice(0, 3).join(', ')}.`, { types: hidden });
}

function maySeeType(type: string, { permissions }: Principal): boolean {
  const view = byType.get(type)?.view;
  return view !== undefined && view !== 'service' && permits(permissions, view);
}

/** What a caller sees of the streams: their organization, their permissions, their properties, the types they asked for. */
export class Sight {
  readonly #types: ReadonlySet<string>;
  readonly #properties: ReadonlySet<string> | undefined;
  readonly orgId: string;

  constructor(principal: Principal, asked: readonly string[] | undefined) {
    this.orgId = principal.orgId;
    const wanted = asked && new Set(asked);
    const seen = publicEvents.filter(({ type }) => (!wanted || wanted.has(type)) && maySeeType(type, principal));
    this.#types = new Set(seen.map(({ type }) => type));
    this.#properties = principal.properties === 'all' ? undefined : new Set(principal.properties);
  }

  sees(event: StoredEvent): boolean {
    if (event.orgId !== this.orgId || !this.#types.has(event.type)) return false;
    const { readable, propertyId } = event.envelope;
    return readable && (!this.#properties || propertyId === undefined || this.#properties.has(propertyId));
  }
}
