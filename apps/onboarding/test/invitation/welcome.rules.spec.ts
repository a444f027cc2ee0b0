import { residentRegistered } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { memberOf, type Member } from '../../src/account/member.rules.js';
import { expired, invited, notInvited } from '../../src/account/standing.rules.js';
import { orLater, welcomeOf, type Circumstances, type Invitee } from '../../src/invitation/welcome.rules.js';

const now = new Date('2026-11-24T12:00:00Z');
const ago = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const member = (facts: Partial<Member> = {}): Member => ({
  ...memberOf(residentRegistered.schema.parse(residentRegistered.example).resident, undefined, now),
  ...facts,
});
const nobody: Invitee = { standing: notInvited, planned: null, mailedAt: [] };
const pending = invited(notInvited, {
  invitationId: newId('invi'),
  email: 'a@example.com',
  at: ago(30),
  validForSeconds: 7 * 86_400,
})!;
const old = invited(notInvited, {
  invitationId: newId('invi'),
  email: 'a@example.com',
  at: ago(200),
  validForSeconds: 7 * 86_400,
})!;
const usual: Circumstances = { now, perPersonPerDay: 3, suppressed: () => false, again: false };

describe('a welcome mail', () => {
  it.each<[string, Invitee, Member, Partial<Circumstances>, string]>([
    ['goes to who is here and has an address', nobody, member(), {}, 'send'],
    ['does not go to who waits in Pending Import', nobody, member({ state: 'pending-import' }), {}, 'not-imported'],
    ['is counted for them by an estimate', nobody, member({ state: 'pending-import' }), { asImported: true }, 'send'],
    ['does not go to who left', nobody, member({ state: 'archived' }), { asImported: true }, 'archived'],
    ['does not go to who has no address', nobody, member({ email: null }), {}, 'missing-email'],
    ['does not go where mail came back', nobody, member(), { suppressed: () => true }, 'suppressed'],
    ['does not go to who is live', { ...nobody, standing: { status: 'live', at: now } }, member(), {}, 'already-live'],
    [
      'does not go to who is live, also when asked for',
      { ...nobody, standing: { status: 'live', at: now } },
      member(),
      { again: true },
      'already-live',
    ],
    ['does not go twice while a link works', { ...nobody, standing: pending }, member(), {}, 'already-invited'],
    ['does not go twice while one is planned', { ...nobody, planned: {} }, member(), {}, 'already-invited'],
    ['goes again when it is asked for', { ...nobody, standing: pending }, member(), { again: true }, 'send'],
    ['goes again when the link is over', { ...nobody, standing: expired(old, now)! }, member(), {}, 'send'],
    ['goes again when the link is over, though nobody noted it yet', { ...nobody, standing: old }, member(), {}, 'send'],
    [
      'does not go a fourth time in a day',
      { ...nobody, mailedAt: [ago(20), ago(3), ago(1)] },
      member(),
      { again: true },
      'daily-limit',
    ],
    ['goes again on the next day', { ...nobody, mailedAt: [ago(30), ago(25), ago(24)] }, member(), { again: true }, 'send'],
  ])('%s', (_name, account, who, at, outcome) => {
    const welcome = welcomeOf(account, who, { ...usual, ...at });
    expect(welcome.send ? 'send' : welcome.reason).toBe(outcome);
  });
});

describe('a welcome mail to another address', () => {
  const mailedAt = [ago(20), ago(3), ago(1)];
  const limited = welcomeOf({ ...nobody, mailedAt }, member(), { ...usual, again: true });

  it('waits until the limit of the day allows it', () => {
    const later = orLater(limited, member(), 'email-changed', mailedAt, usual);
    expect(later).toEqual({ send: true, email: member().email, at: new Date(ago(20).getTime() + 86_400_000) });
    const atThatTime = welcomeOf({ ...nobody, mailedAt }, member(), { ...usual, now: later.at!, again: true });
    expect(atThatTime.send).toBe(true);
  });

  it('is not planned for whoever is there to try again, nor where something else is in its way', () => {
    expect(orLater(limited, member(), 'import', mailedAt, usual)).toBe(limited);
    const suppressed = welcomeOf(nobody, member(), { ...usual, suppressed: () => true });
    expect(orLater(suppressed, member(), 'email-changed', mailedAt, usual)).toBe(suppressed);
  });
});
