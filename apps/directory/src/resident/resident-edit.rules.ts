import { DomainError, type OccupancyId, type ParsedInputOf, type updateResident } from '@leasewire/contracts';
import type { UnitDoc } from '../unit/unit.repository.js';
import { nameOfLanguage } from '../decision/language.rules.js';
import { laidOver, type Sources } from '../decision/fields.rules.js';
import type { PropertyDoc } from '../property/property.repository.js';
import { isOfPms } from './fed.rules.js';
import { assertDates, assertUnit, livingIn } from './manual.rules.js';
import { phoneOf } from './phone.rules.js';
import type { ResidentDoc } from './resident.repository.js';

type Input = ParsedInputOf<typeof updateResident>;
interface Around {
  /** undefined: not asked for. */
  readonly unit: UnitDoc | null | undefined;
  readonly property: Pick<PropertyDoc, 'country' | 'connectionId'>;
  readonly occupancyId: OccupancyId;
  readonly now: Date;
}

/** What staff say wins over later syncs, until it is reset. */
export function edited(doc: ResidentDoc, input: Input, around: Around): ResidentDoc {
  return relocated(reset(overridden(doc, input, around.property.country), input.reset ?? []), input, around);
}

function overridden(doc: ResidentDoc, input: Input, country: string): ResidentDoc {
  const { firstName: first, lastName: last, email, phones, userTypes, access, language } = input;
  if (language !== undefined) assertNotTheirs(doc, language);
  const named = first !== undefined || last !== undefined;
  const name = { ...doc.name, first: first ?? doc.name.first, last: last ?? doc.name.last };
  const set = { name: named, email: email !== undefined, phones: phones !== undefined, userTypes: userTypes !== undefined };
  const ours: Sources = Object.fromEntries(
    Object.entries(set)
      .filter(([, is]) => is)
      .map(([field]) => [field, 'staff']),
  );
  const { access: _access, ...sources } = doc.sources;
  const accessSource: Sources =
    access === undefined ? doc.sources : access === 'by-rule' ? sources : { ...sources, access: 'staff' };
  return {
    ...doc,
    name: named ? { ...name, raw: `${name.first} ${name.last}` } : doc.name,
    email: email === undefined ? doc.email : email,
    phones: phones?.map((raw) => phoneOf(raw, country)) ?? doc.phones,
    userTypes: userTypes ?? doc.userTypes,
    staffLanguage: language === undefined ? doc.staffLanguage : language,
    staffAccess: access === undefined ? doc.staffAccess : access === 'by-rule' ? null : access,
    sources: { ...accessSource, ...ours },
  };
}

/** It would be kept, and change nothing that they receive; whoever set it would wait for it. */
function assertNotTheirs({ ownLanguage, displayName }: ResidentDoc, language: string | null): void {
  if (!ownLanguage || language === null || language === ownLanguage) return;
  throw new DomainError(
    'conflict.state',
    `${displayName} chose ${nameOfLanguage(ownLanguage)} themselves. They change it under “My account” on their own page.`,
    { language: ownLanguage },
  );
}

function reset(doc: ResidentDoc, fields: NonNullable<Input['reset']>): ResidentDoc {
  if (fields.length === 0) return doc;
  const cleared = Object.fromEntries(Object.entries(doc.sources).filter(([field]) => !fields.some((one) => one === field)));
  const byRule = fields.includes('access') ? null : doc.staffAccess;
  const own = { staffAccess: byRule, staffLanguage: fields.includes('language') ? null : doc.staffLanguage };
  if (doc.upstream === null) return { ...doc, ...own };
  return { ...doc, ...laidOver(doc.upstream, doc, cleared), ...own };
}

function relocated(doc: ResidentDoc, input: Input, { unit, property, occupancyId, now: at }: Around): ResidentDoc {
  const { bedroom, moveIn, moveOut } = input;
  if (unit === undefined && bedroom === undefined && moveIn === undefined && moveOut === undefined) return doc;
  if (isOfPms(doc, property))
    throw new DomainError(
      'resident.from-pms',
      'The PMS says where this resident lives and since when. Change it there; the next sync brings it.',
    );
  const open = doc.occupancies.find(({ endedAt }) => endedAt === null) ?? doc.occupancies.at(-1);
  const from = moveIn === undefined ? (open?.from ?? null) : moveIn;
  const until = moveOut === undefined ? (open?.until ?? null) : moveOut;
  assertDates({ moveIn: from, moveOut: until });
  const there = unit === undefined ? placeOf(open) : livingIn({ unit, bedroom: null, moveIn: null, moveOut: null });
  if (unit !== undefined) assertUnit(unit, doc.userTypes);
  const { unitId, unit: label, building } = there;
  const id = open && open.unitId === unitId ? open.id : occupancyId;
  const now = {
    ...livingIn({ unit: null, bedroom: bedroom === undefined ? (open?.bedroom ?? null) : bedroom, moveIn: from, moveOut: until }),
    id,
    unitId,
    unit: label,
    building,
  };
  // another unit begins another occupancy, so that both are in the history
  const others = doc.occupancies.filter((occupancy) => occupancy.id !== id && occupancy !== open);
  const left = open && open.id !== id ? [leftFor(open, at)] : [];
  return { ...doc, occupancies: [...others, ...left, now] };
}

/** It ends now: a stay that is over and has no end would give access for ever. */
const leftFor = (open: ResidentDoc['occupancies'][number], at: Date): ResidentDoc['occupancies'][number] => ({
  ...open,
  status: 'past',
  executed: 'out',
  endedAt: open.endedAt ?? at.toISOString(),
});
const placeOf = (open: ResidentDoc['occupancies'][number] | undefined) => ({
  unitId: open?.unitId ?? null,
  unit: open?.unit ?? null,
  building: open?.building ?? null,
});
