import { afterSaying, isNews } from '../../src/balance/balance.rules.js';

const now = new Date('2026-11-20T09:00:00Z');
const earlier = new Date('2026-11-01T09:00:00Z');
const money = (amount: number, currency = 'USD') => ({ amount, currency });
const owing = { balance: money(12_500), owesSince: earlier };
const paid = { balance: money(0), owesSince: null };

describe('what somebody owes, when the PMS', () => {
  it.each([
    ['says it for the first time', null, money(500), { balance: money(500), owesSince: now }, true],
    ['says for the first time that it is nothing', null, money(0), { balance: money(0), owesSince: null }, false],
    ['says more than before', owing, money(20_000), { balance: money(20_000), owesSince: earlier }, true],
    ['says that it is paid', owing, money(0), { balance: money(0), owesSince: null }, true],
    ['says that more was paid than was owed', owing, money(-100), { balance: money(-100), owesSince: null }, true],
    ['says that something is owed again', paid, money(1), { balance: money(1), owesSince: now }, true],
    ['says it in another currency', owing, money(12_500, 'AUD'), { balance: money(12_500, 'AUD'), owesSince: earlier }, true],
  ])('%s', (_name, before, said, after, news) => {
    const next = afterSaying(before, said, now);
    expect(next).toEqual(after);
    expect(next && isNews(before, next)).toBe(news);
  });

  it.each([
    ['says the same', money(12_500)],
    ['says nothing: that is no payment', null],
    ['was not asked', undefined],
  ])('%s, stays as it is', (_name, said) => {
    expect(afterSaying(owing, said, now)).toBeNull();
  });
});
