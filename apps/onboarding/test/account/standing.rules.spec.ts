import fc from 'fast-check';
import { newId } from '@leasewire/messaging';
import {
  activated,
  closed,
  expired,
  invited,
  isOpen,
  notInvited,
  steps,
  withdrawn,
  type Standing,
} from '../../src/account/standing.rules.js';

const noon = new Date('2026-11-24T12:00:00Z');
const later = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);
const week = 7 * 86_400;
const one = newId('invi');
const other = newId('invi');
const sent = (invitationId = one, at = noon) => ({ invitationId, email: 'ana@example.com', at, validForSeconds: week });
const pending = invited(notInvited, sent())!;
const gone = expired(pending, later(week))!;
const live = activated(pending, one, later(60))!;

describe('an account', () => {
  it.each<[string, Standing | null, string | null]>([
    ['is pending when its mail went out', pending, 'pending-activation'],
    ['stays pending when another mail goes out', invited(pending, sent(other)), 'pending-activation'],
    ['is live when its link is used a second before the end', activated(pending, one, later(week - 1)), 'live'],
    ['is not live by a link at the second of its end', activated(pending, one, later(week)), null],
    ['is not live by an older link', activated(invited(pending, sent(other))!, one, later(60)), null],
    ['is not live twice', activated(live, one, later(120)), null],
    ['is expired at the second of the end', expired(pending, later(week)), 'activation-expired'],
    ['is not expired a second before', expired(pending, later(week - 1)), null],
    ['that is live does not expire', expired(live, later(week * 2)), null],
    ['that is live gets no other link', invited(live, sent(other)), null],
    ['that is live is not taken back', withdrawn(live), null],
    ['that its person closes is as if nobody had invited them', closed(live), 'not-invited'],
    ['that was not live yet cannot be closed', closed(pending), null],
    ['that is expired is pending again by a new mail', invited(gone, sent(other, later(week * 2))), 'pending-activation'],
    ['that is pending is not invited when its link is withdrawn', withdrawn(pending), 'not-invited'],
  ])('%s', (_name, standing, status) => {
    expect(standing?.status ?? null).toBe(status);
  });

  it('has its link open from the mail to the end, and not a moment longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 * 86_400 }), fc.integer({ min: -10, max: 70 * 86_400 }), (valid, after) => {
        const standing = invited(notInvited, { ...sent(), validForSeconds: valid })!;
        expect(isOpen(standing, one, later(after))).toBe(after < valid);
      }),
    );
  });

  it('takes no step that is not in the table, whatever comes in whatever order', () => {
    const happening = fc.oneof(
      fc.constant<(standing: Standing, now: Date) => Standing | null>((standing) => withdrawn(standing)),
      fc.constant((standing: Standing, now: Date) => expired(standing, now)),
      fc.constant((standing: Standing) => closed(standing)),
      fc.constantFrom(one, other).map((id) => (standing: Standing, now: Date) => activated(standing, id, now)),
      fc.constantFrom(one, other).map((id) => (standing: Standing, now: Date) => invited(standing, sent(id, now))),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 5 * 86_400 }))), (all) => {
        let standing: Standing = notInvited;
        let now = noon;
        for (const [happens, wait] of all) {
          now = new Date(now.getTime() + wait * 1000);
          const next = happens(standing, now);
          if (next === null) continue;
          expect(steps[standing.status]).toContain(next.status);
          standing = next;
        }
      }),
    );
  });
});
