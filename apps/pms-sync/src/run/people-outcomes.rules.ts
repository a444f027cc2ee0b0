import type { PersonOutcome, UpstreamPerson } from '@leasewire/contracts';

/** What a run says of somebody of whom directory was not told. */
export function left(person: UpstreamPerson, why?: { code: string; message: string }): PersonOutcome {
  const { upstreamId, name, stays } = person;
  const unit = stays.find(({ unitName }) => unitName !== null)?.unitName ?? null;
  const outcome = { upstreamId, residentId: null, name: name.raw, unit, outcome: 'skipped', decision: 'none' } as const;
  return why ? { ...outcome, reason: { code: why.code, message: why.message } } : outcome;
}

export const livesIn = (property: string) =>
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

export const heldReason = (asks: boolean) =>
  asks
    ? { code: 'sync.held', message: 'Too many would be moved out at once without having been announced; a person must look.' }
    : { code: 'sync.kept', message: 'Staff decided that this person stays, although the PMS does not show them.' };

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
