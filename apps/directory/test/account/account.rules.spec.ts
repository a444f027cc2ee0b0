import { columnsOf, noAccount, sentenceOf, type ShownAccount } from '../../src/account/account.rules.js';

const columns = { invitedAt: '2026-11-20T10:00:00.000Z', expiresAt: null, activatedAt: null, mail: null, terms: null };
const pending: ShownAccount = { accountStatus: 'pending-activation', account: columns };
const mailed = (state: 'sent' | 'bounced', reason: string | null): ShownAccount => ({
  ...pending,
  account: { ...columns, mail: { state, reason, at: '2026-11-20T10:01:00.000Z' } },
});

describe('the timeline says of an account', () => {
  it.each<[string, ShownAccount, ShownAccount, string | null]>([
    ['that somebody was invited', noAccount, pending, 'Invited.'],
    [
      'that they were invited again',
      pending,
      { ...pending, account: { ...columns, invitedAt: '2026-11-28T10:00:00.000Z' } },
      'Invited again.',
    ],
    [
      'that the mail came back, and why',
      mailed('sent', null),
      mailed('bounced', 'mailbox full'),
      'The invitation mail did not arrive: mailbox full.',
    ],
    ['nothing of a mail that went out', pending, mailed('sent', null), null],
    ['that it is live', pending, { ...pending, accountStatus: 'live' }, 'Activated the account.'],
    [
      'that the link was not used',
      pending,
      { ...pending, accountStatus: 'activation-expired' },
      'The activation link expired unused.',
    ],
  ])('%s', (_name, before, after, text) => {
    expect(sentenceOf(before, after)).toBe(text);
  });
});

it('moments are kept in one form, so that their texts compare', () => {
  const kept = columnsOf({
    ...columns,
    invitedAt: '2026-11-20T20:00:00+10:00',
    terms: { version: 2, propertyId: null, acceptedAt: '2026-11-20T20:00:00+10:00' },
  });
  expect(kept).toMatchObject({
    invitedAt: '2026-11-20T10:00:00.000Z',
    terms: { version: 2, propertyId: null, acceptedAt: '2026-11-20T10:00:00.000Z' },
  });
});
