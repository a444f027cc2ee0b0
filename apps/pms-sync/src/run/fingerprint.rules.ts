import { createHash } from 'node:crypto';
import type { UpstreamPerson, UpstreamUnit } from '@leasewire/contracts';

/** Of what is mapped and of nothing else: a field of the vendor that we do not know costs no write. The order of lists says nothing. */
export function fingerprintOf(person: UpstreamPerson): string {
  const { name, email, emailRaw, role, balance, language } = person;
  return digest([
    [name.first, name.last, name.preferred ?? null, name.company ?? null, name.raw],
    email,
    emailRaw ?? null,
    sorted(person.phones.map((phone) => [phone.e164, phone.raw, phone.kind])),
    sorted(person.userTypes),
    role,
    sorted(
      person.stays.map((stay) => [
        stay.leaseId,
        stay.unitId,
        stay.unitName,
        stay.bedroom,
        stay.status,
        stay.moveIn,
        stay.moveOut,
        stay.leaseStart,
        stay.leaseEnd,
        stay.transfer ?? false,
      ]),
    ),
    balance ? [balance.amount, balance.currency] : null,
    // most sources say nothing of it, and stay what they were
    ...(language === undefined ? [] : [language]),
  ]);
}

export function fingerprintOfUnits(units: readonly UpstreamUnit[]): string {
  return digest(
    sorted(
      units.map((unit) => [
        unit.upstreamId,
        unit.building,
        unit.number,
        sorted(unit.bedrooms.map((b) => [b.upstreamId, b.name])),
      ]),
    ),
  );
}

/** Of a set of ids, whatever their order. */
export const digestOf = (ids: Iterable<string>): string => digest([...ids].sort());

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
const sorted = (values: readonly unknown[]): string[] => values.map((value) => JSON.stringify(value)).sort();
