import { afterQuietHours, usualQuietHours } from '../../src/sms/quiet-hours.rules.js';
import { mayBeTexted } from '../../src/sms/phone.rules.js';
import { readReply } from '../../src/sms/reply.rules.js';

describe('a reply', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop! ',
    'STOPALL',
    'Unsubscribe',
    'CANCEL',
    'end',
    'QUIT',
    'revoke',
    'opt-out',
    'OPT OUT',
    'Stop please',
    'stop 🛑',
    'ALTO',
    'Baja',
    'no más',
    'Cancelar por favor',
    'ARRÊT',
    'arret',
    'Désabonner',
    'ARRÊTEZ SVP',
  ])('“%s” opts out', (text) => expect(readReply(text)).toBe('opt-out'));
  it.each(['START', 'Unstop', 'yes', 'Yes please!', 'ALTA', 'Reprendre'])('“%s” opts in', (text) =>
    expect(readReply(text)).toBe('opt-in'),
  );
  it.each(['HELP', 'Info', 'ayuda', 'AIDE'])('“%s” asks for help', (text) => expect(readReply(text)).toBe('help'));
  it.each([
    'Please stop texting me',
    "don't text me anymore",
    'Remove me from this list',
    'Wrong number',
    'no me envíen más',
    'quiero darme de baja',
    'Ne m’écrivez plus',
    'I do not want this, take me off',
  ])('“%s” goes to a person as a likely opt-out', (text) => expect(readReply(text)).toBe('maybe-opt-out'));
  it.each([
    'When does my lease end?',
    'I want to cancel the appointment',
    'no',
    'ok thanks',
    'Sí',
    '',
    '🙂',
    'fin de mes',
    'nonstop noise upstairs',
  ])('“%s” is a message', (text) => expect(readReply(text)).toBe('other'));
});

describe('quiet hours', () => {
  const sydney = 'Australia/Sydney';
  it.each([
    ['in the day it goes at once', '2026-11-24T01:00Z', sydney, '2026-11-24T01:00Z'],
    ['at 9 pm sharp it waits for the morning', '2026-11-24T10:00Z', sydney, '2026-11-24T21:00Z'],
    ['a minute before, it goes', '2026-11-24T09:59Z', sydney, '2026-11-24T09:59Z'],
    ['after midnight it waits for the same morning', '2026-11-24T14:00Z', sydney, '2026-11-24T21:00Z'],
    ['at 8 am sharp it goes', '2026-11-24T21:00Z', sydney, '2026-11-24T21:00Z'],
    ['over the night that is an hour shorter', '2026-10-03T12:00Z', sydney, '2026-10-03T21:00Z'],
    ['over the night that is an hour longer', '2027-04-03T11:00Z', sydney, '2027-04-03T22:00Z'],
  ])('%s', (_name, at, zone, goes) => {
    expect(afterQuietHours(new Date(at), zone, usualQuietHours)).toEqual(new Date(goes));
  });

  it('may lie within one day, or not be at all', () => {
    const nap = { from: '13:00', until: '15:00' };
    expect(afterQuietHours(new Date('2026-11-24T14:00Z'), 'UTC', nap)).toEqual(new Date('2026-11-24T15:00Z'));
    expect(afterQuietHours(new Date('2026-11-24T15:00Z'), 'UTC', nap)).toEqual(new Date('2026-11-24T15:00Z'));
    expect(afterQuietHours(new Date('2026-11-24T14:00Z'), 'UTC', { from: '00:00', until: '00:00' })).toEqual(
      new Date('2026-11-24T14:00Z'),
    );
  });

  it('never send somebody back in time where clocks repeat their end', () => {
    const early = { from: '21:00', until: '01:30' };
    const second = new Date('2026-11-01T06:10Z');
    expect(afterQuietHours(second, 'America/New_York', early)).toEqual(second);
  });
});

describe('a number may be texted', () => {
  const home = (country: string) => ({ country, international: false });
  it.each([
    ['a mobile at home', '+61412345678', home('AU'), { may: true, international: false }],
    ['a number that may be a mobile', '+12125550123', home('US'), { may: true }],
    ['a landline', '+61731234567', home('AU'), { may: false, because: 'landline' }],
    ['a toll-free number', '+18005550100', home('US'), { may: false, because: 'special' }],
    ['a premium number', '+611900123456', home('AU'), { may: false, because: 'special' }],
    ['a number that does not exist', '+61412', home('AU'), { may: false, because: 'unreadable' }],
    ['another country', '+447911123456', home('US'), { may: false, because: 'international' }],
    ['another country that shares the +1', '+14165550123', home('US'), { may: false, because: 'international' }],
    ['an island of the same country', '+17872345678', home('US'), { may: true, international: false }],
    ['another country, allowed', '+447911123456', { country: 'US', international: true }, { may: true, international: true }],
  ])('%s', (_name, number, property, verdict) => {
    expect(mayBeTexted(number, property)).toMatchObject(verdict);
  });
});
