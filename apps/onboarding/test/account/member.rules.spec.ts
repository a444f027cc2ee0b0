import { residentRegistered } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { addressee, languageOf, memberOf, reactionTo, type Member, type Property } from '../../src/account/member.rules.js';
import { expired, invited, notInvited, type Standing } from '../../src/account/standing.rules.js';

const noon = new Date('2026-11-24T12:00:00Z');
const { resident } = residentRegistered.schema.parse(residentRegistered.example);
const member = (facts: Partial<Member> = {}): Member => ({ ...memberOf(resident, undefined, noon), ...facts });
const email = member().email!;
const pendingTo = (to: string): Standing =>
  invited(notInvited, { invitationId: newId('invi'), email: to, at: noon, validForSeconds: 60 })!;
const expiredTo = (to: string): Standing => expired(pendingTo(to), new Date(noon.getTime() + 60_000))!;
const strata: Property = { kind: 'strata', started: true, newPeople: 'by-hand' };
const atOnce: Property = { ...strata, newPeople: 'at-once' };
const rental: Property = { kind: 'rental', started: true, newPeople: 'at-once' };
const open = { accessOpen: true };
const closed = { accessOpen: false };

interface Case {
  readonly before?: Member;
  readonly after: Member;
  readonly imported?: boolean;
  readonly others?: readonly Member[];
  readonly standing?: Standing;
  readonly property?: Property;
  readonly closedAt?: Date;
  readonly noReminders?: boolean;
}
const react = ({ before, after, imported = false, others = [], standing = notInvited, ...given }: Case) =>
  reactionTo(
    { before, after, imported },
    {
      members: [...others, after],
      standing,
      planned: null,
      closedAt: given.closedAt ?? null,
      noReminders: given.noReminders ?? false,
    },
    given.property ?? strata,
  );
const waiting = member({ state: 'pending-import' });

describe('somebody', () => {
  it.each<[string, Case, string | null]>([
    ['who is imported is invited', { before: waiting, after: member() }, 'import'],
    ['whose import is told before their registration is invited', { after: member(), imported: true }, 'import'],
    ['who waits in Pending Import is not', { after: waiting }, null],
    ['who arrives while the import is automatic stays Not Invited', { after: member() }, null],
    ['who arrives where new people are invited at once is', { after: member(), property: atOnce }, 'new'],
    ['who arrives before the service starts is not', { after: member(), property: { ...atOnce, started: false } }, null],
    [
      'of a rental is invited when access opens',
      { before: member(closed), after: member(open), property: rental },
      'access-opened',
    ],
    ['of a rental is not before', { after: member(closed), property: rental }, null],
    ['whose access is open still is not invited again', { before: member(open), after: member(open), property: rental }, null],
    [
      'who closed their account is not because access opens',
      { before: member(closed), after: member(open), property: rental, closedAt: noon },
      null,
    ],
    ['who closed their account is not because they arrive', { after: member(), property: atOnce, closedAt: noon }, null],
    ['who closed their account is by whoever imports them', { before: waiting, after: member(), closedAt: noon }, 'import'],
    [
      'who was imported without an address is invited when there is one',
      { before: member({ email: null, waitsForEmail: true }), after: member({ waitsForEmail: true }) },
      'email-known',
    ],
    [
      'who was imported without an address is not by the first part of a record',
      { before: member({ email: null, waitsForEmail: true }), after: member({ waitsForEmail: true, incomplete: true }) },
      null,
    ],
    [
      '… and is as soon as it is whole',
      { before: member({ waitsForEmail: true, incomplete: true }), after: member({ waitsForEmail: true }) },
      'email-known',
    ],
    ['who never was to be invited is not because of an address', { before: member({ email: null }), after: member() }, null],
    ['who left is not', { before: member(), after: member({ state: 'archived' }) }, null],
    ['who is imported again after they left is invited', { before: waiting, after: member(), standing: notInvited }, 'import'],
    [
      'whose address changed while a link was open gets one to the new address',
      { before: member({ email: 'old@example.com' }), after: member(), standing: pendingTo('old@example.com') },
      'email-changed',
    ],
    [
      'whose address is corrected after the link expired gets one to the new address',
      { before: member({ email: 'old@example.com' }), after: member(), standing: expiredTo('old@example.com') },
      'email-changed',
    ],
    [
      'who let a link expire and wants no reminders is left alone when the address changes',
      {
        before: member({ email: 'old@example.com' }),
        after: member(),
        standing: expiredTo('old@example.com'),
        noReminders: true,
      },
      null,
    ],
    [
      'to whose address nothing could be sent is invited at another',
      { before: member({ email: 'dead@example.com', waitsForEmail: true }), after: member({ waitsForEmail: true }) },
      'email-known',
    ],
    [
      'to whose address nothing could be sent is not invited because of another field',
      { before: member({ waitsForEmail: true }), after: member({ waitsForEmail: true, name: 'N' }) },
      null,
    ],
    [
      'of whom another field changed keeps the link',
      { before: member({ name: 'N' }), after: member(), standing: pendingTo(email) },
      null,
    ],
  ])('%s', (_name, given, cause) => {
    expect(react(given).invite).toBe(cause);
  });

  it.each<[string, Case, boolean]>([
    ['leaves', { before: member(), after: member({ state: 'archived' }), standing: pendingTo(email) }, true],
    ['has another address', { before: member(), after: member({ email: 'new@example.com' }), standing: pendingTo(email) }, true],
    ['has no address any more', { before: member(), after: member({ email: null }), standing: pendingTo(email) }, true],
    [
      'leaves one of two homes, with the same address in the other',
      { before: member(), after: member({ state: 'archived' }), others: [member()], standing: pendingTo(email) },
      false,
    ],
    ['has another phone', { before: member(), after: member(), standing: pendingTo(email) }, false],
  ])('who %s has a dead link: %#', (_name, given, dead) => {
    expect(react(given).withdraw !== null).toBe(dead);
  });
});

describe('whose link died is invited as soon as somebody knows where to write, who', () => {
  const elsewhere = { residentId: newId('res') };
  it.each<[string, Case, boolean]>([
    ['has no address any more', { before: member(), after: member({ email: null }), standing: pendingTo(email) }, true],
    ['had none when the link was over', { before: member(), after: member({ email: null }), standing: expiredTo(email) }, true],
    [
      'has an address that is none',
      { before: member(), after: memberOf({ ...resident, issues: ['junk-email'] }, member(), noon), standing: pendingTo(email) },
      true,
    ],
    [
      'has another address elsewhere, and is invited there',
      { after: member({ email: null }), others: [member({ ...elsewhere, email: 'b@example.com' })], standing: pendingTo(email) },
      false,
    ],
    ['left', { before: member(), after: member({ state: 'archived', email: null }), standing: pendingTo(email) }, false],
    [
      'let it expire and wants no reminders: not they',
      { before: member(), after: member({ email: null }), standing: expiredTo(email), noReminders: true },
      false,
    ],
    ['was never invited: not they', { before: member(), after: member({ email: null }) }, false],
  ])('%s', (_name, given, waits) => {
    expect(react(given).waits).toBe(waits);
  });
});

describe('who is written to', () => {
  it('is whoever the link was for, while they are here', () => {
    const [a, b] = [member({ residentId: newId('res') }), member({ residentId: newId('res') })];
    expect(addressee([a, b], b.residentId)).toBe(b);
    expect(addressee([a, { ...b, state: 'archived' }], b.residentId)).toBe(a);
    expect(addressee([{ ...a, email: null }])).toBeNull();
  });

  it('is nobody at an address that is known to be none', () => {
    expect(memberOf({ ...resident, issues: ['junk-email'] }, undefined, noon).email).toBeNull();
  });

  it.each([
    ['whose name nobody can read', 'name-unclear', true],
    ['whose unit is not known', 'unknown-unit', true],
    ['without a phone', 'missing-phone', false],
  ] as const)('is whole or not: somebody %s', (_name, issue, incomplete) => {
    expect(memberOf({ ...resident, issues: [issue] }, undefined, noon).incomplete).toBe(incomplete);
  });

  it('reads the language of the residency that the link is for, else of another', () => {
    const [a, b] = [member({ residentId: newId('res'), language: 'es' }), member({ residentId: newId('res'), language: null })];
    expect([languageOf([a, b], a.residentId), languageOf([a, b], b.residentId)]).toEqual(['es', null]);
    expect(languageOf([a, b], newId('res'))).toBe('es');
    const { language: _before, ...old } = a;
    expect(languageOf([old], a.residentId)).toBeNull();
  });

  it('is a company by its whole name', () => {
    const company = { ...resident, displayName: 'Harbour Pty Ltd', name: { ...resident.name, company: 'Harbour Pty Ltd' } };
    expect(memberOf(company, undefined, noon).firstName).toBe('Harbour Pty Ltd');
  });
});
