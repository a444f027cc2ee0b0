import type { PersonOutcome, UpstreamPerson } from '@leasewire/contracts';

/** What a run says of somebody of whom directory was not told. */
export function left(person: UpstreamPerson, why?: { code: string; message: string }): PersonOutcome {
  const { upstreamId, name, stays } = person;
  const unit = stays.find(({ unitName }) => unitName !== null)?.unitName ?? null;
  const outcome = { upstreamId, residentId: null, name: name.raw, unit, outcome: 'skipped', decision: 'none' } as const;
  return why ? { ...outcome, reason: { code: why.code, message: why.message } } : outcome;
}

const livesIn = (property: string) =>
  `They live in ${property} now; a sync of one person does not follow them there. Sync ${property}.`;

export const unreadable = (upstreamId: string, field: string, reason: string): PersonOutcome => ({
  upstreamId: upstreamId.slice(0, 100),
  residentId: null,
  name: upstreamId,
  unit: null,
  outcome: 'failed',
  decision: 'none',
  reason: { code: 'sync.unreadable', message: `What the PMS says of ${field} cannot be read: ${reason}` },
});

export const notFound = (upstreamId: string, record: KnownAs | undefined, movedTo: string | undefined): PersonOutcome => ({
  upstreamId,
  residentId: record?.residentId ?? null,
  name: record?.name ?? upstreamId,
  unit: record?.unit ?? null,
  outcome: 'failed',
  decision: 'none',
  reason: {
    code: 'sync.not-found-upstream',
    message: `Not found upstream: the PMS did not answer about this person. ${movedTo === undefined ? '' : `${livesIn(movedTo)} `}Nothing was changed.`,
  },
});
type KnownAs = Pick<PersonOutcome, 'residentId' | 'name' | 'unit'>;

/** Who has nothing here any more and lives in another property, by the name of that one: its sweep says the rest. */
export function withNewHomes(outcomes: readonly PersonOutcome[], homes: ReadonlyMap<string, string>): PersonOutcome[] {
  return outcomes.map((outcome) => {
    const home = homes.get(outcome.upstreamId);
    return home === undefined ? outcome : { ...outcome, reason: { code: 'sync.moved-elsewhere', message: livesIn(home) } };
  });
}
