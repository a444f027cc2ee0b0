import { customerOf, type Quirks } from '../faults/quirks.js';
import type { Customer, Lease, Property, Unit } from '../world/model.js';
import { inTheThird } from '../world/prng.js';
import type { World } from '../world/world.js';

/** A lot with those who own it today, the way a strata roll has it. */
export interface LotRow {
  readonly id: string;
  readonly unit: Unit;
  readonly ownership: Lease | null;
  readonly owners: readonly Customer[];
}

export function lotsOf(world: World, property: Property, quirks: Quirks): readonly LotRow[] {
  const all = world.rows(`lots ${property.id}`, [property.id], () =>
    world.unitsOf(property.id).map((unit) => lotRow(world, unit)),
  );
  if (quirks.has('empty-success') || quirks.has('empty-list')) return [];
  if (quirks.has('vanish')) return all.filter(({ id }) => !inTheThird(id));
  return quirks.has('appear') ? all.concat(all.filter(({ id }) => inTheThird(id)).map((row) => ghost(world, row))) : all;
}

function lotRow(world: World, unit: Unit): LotRow {
  const ownership = world.leasesIn(unit.id).findLast((lease) => lease.kind === 'ownership' && isNow(lease.status)) ?? null;
  const members = ownership?.members.filter(({ status }) => isNow(status)) ?? [];
  return { id: unit.id, unit, ownership, owners: members.map(({ customerId }) => customerOf(world, customerId)) };
}

function ghost(world: World, { id, unit, ownership, owners }: LotRow): LotRow {
  return {
    id: `7${id}`,
    unit: { ...unit, number: `9${unit.number}` },
    ownership,
    owners: owners.map((one) => customerOf(world, `7${one.id}`)),
  };
}

function isNow(status: Lease['status']): boolean {
  return status === 'Current' || status === 'Notice';
}

export function plainName({ firstName, lastName }: Customer): string {
  return `${firstName} ${lastName}`.trim();
}

export function onCommittee(world: World, propertyId: string, customerId: string): string | null {
  const terms = world.rows(`committee ${propertyId}`, [propertyId], () =>
    world.committeeOf(propertyId).filter(({ to }) => to === null),
  );
  return terms.find((term) => term.customerId === customerId)?.position ?? null;
}

export function telephones({ phones }: Customer): { mobile?: string; phone?: string } {
  const mobile = phones.find(({ kind }) => kind === 'mobile')?.number;
  const phone = phones.find(({ kind }) => kind !== 'mobile')?.number;
  return { ...(mobile === undefined ? {} : { mobile }), ...(phone === undefined ? {} : { phone }) };
}
