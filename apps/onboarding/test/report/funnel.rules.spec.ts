import { residentRegistered, type FunnelRow } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import type { z } from 'zod';
import { memberOf, type Member } from '../../src/account/member.rules.js';
import { activated, expired, invited, notInvited, type Standing } from '../../src/account/standing.rules.js';
import { Funnel, type Course } from '../../src/report/funnel.rules.js';

type Row = z.output<typeof FunnelRow>;
const now = new Date('2026-11-24T12:00:00Z');
const hours = (n: number): Date => new Date(now.getTime() + n * 3_600_000);
const here = newId('prop');
const member = (facts: Partial<Member> = {}): Member => ({
  ...memberOf(residentRegistered.schema.parse(residentRegistered.example).resident, undefined, now),
  propertyId: here,
  state: 'active',
  ...facts,
});
const invitationId = newId('invi');
/** Invited so many hours ago, for a week. */
const pending = (ago: number): Standing =>
  invited(notInvited, { invitationId, email: 'a@example.com', at: hours(-ago), validForSeconds: 7 * 86_400 })!;
const gone = expired(pending(200), now)!;
const liveAfter = (days: number): Partial<Course> => ({
  standing: activated(pending(24 * days), invitationId, now)!,
  firstInvitedAt: hours(-24 * days),
});
const course = (facts: Partial<Course> = {}): Course => ({
  standing: notInvited,
  members: [member()],
  firstInvitedAt: null,
  mail: null,
  bounced: false,
  opened: false,
  ...facts,
});
const rowOf = (...courses: Course[]): Row => {
  const funnel = new Funnel({ _id: here, name: 'Harbour Court' }, now);
  for (const one of courses) funnel.add(one);
  return funnel.row;
};
const mailed = (state: string) => ({ mail: { state }, firstInvitedAt: hours(-1), standing: pending(1) });

describe('somebody in the report of a property', () => {
  it.each<[string, Course, Partial<Row>]>([
    [
      'who waits in Pending Import is no more than that',
      course({ members: [member({ state: 'pending-import' })] }),
      { pendingImport: 1, imported: 0 },
    ],
    ['who left is not counted', course({ members: [member({ state: 'archived' })] }), { pendingImport: 0, imported: 0 }],
    ['who lives elsewhere is not counted', course({ members: [member({ propertyId: newId('prop') })] }), { imported: 0 }],
    ['who is imported is Not Invited', course(), { imported: 1, notInvited: 1, invited: 0, missingEmail: 0 }],
    ['without an address is named', course({ members: [member({ email: null })] }), { missingEmail: 1, notInvited: 1 }],
    ['whose mail waits is invited, not more', course(mailed('queued')), { invited: 1, delivered: 0, pendingActivation: 1 }],
    ['whose mail was taken is delivered', course(mailed('sent')), { delivered: 1, bounced: 0 }],
    ['whose mail arrived is delivered', course(mailed('delivered')), { delivered: 1, bounced: 0 }],
    ['of whose mail nobody knows is not', course(mailed('unknown')), { delivered: 0, bounced: 0 }],
    [
      'whose mail came back is bounced',
      course({ ...mailed('bounced'), bounced: true }),
      { delivered: 0, bounced: 1, pendingActivation: 1 },
    ],
    [
      'who is live although a mail came back is not',
      course({ ...liveAfter(1), mail: { state: 'bounced' }, bounced: true }),
      { bounced: 0, live: 1 },
    ],
    ['who filled in the page has opened it', course({ ...mailed('sent'), opened: true }), { opened: 1 }],
    [
      'whose link ends in two days is pressed',
      course({ standing: pending(5 * 24) }),
      { pendingActivation: 1, expiringIn48Hours: 1 },
    ],
    [
      'whose link ends a little later is not',
      course({ standing: pending(5 * 24 - 0.01) }),
      { pendingActivation: 1, expiringIn48Hours: 0 },
    ],
    [
      'whose link is over is expired',
      course({ standing: gone }),
      { activationExpired: 1, pendingActivation: 0, expiringIn48Hours: 0 },
    ],
    [
      'who got there is live, and only that',
      course(liveAfter(2)),
      { live: 1, notInvited: 0, pendingActivation: 0, activationExpired: 0 },
    ],
  ])('%s', (_name, given, row) => {
    expect(rowOf(given)).toMatchObject(row);
  });

  it.each<[string, Course[], number | null]>([
    ['of nobody are none', [course()], null],
    ['of one are theirs', [course(liveAfter(3))], 3],
    ['of three are those of the one in the middle', [6, 1, 2].map((days) => course(liveAfter(days))), 2],
    ['of four are halfway between the two in the middle', [6, 1, 2, 5].map((days) => course(liveAfter(days))), 3.5],
    ['leave out whom nobody invited', [course(liveAfter(2)), course({ standing: { status: 'live', at: now } })], 2],
  ])('median days to live %s', (_name, courses, days) => {
    expect(rowOf(...courses).medianDaysToLive).toBe(days);
  });
});
