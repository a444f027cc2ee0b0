import type { DeadLetter } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { alertsAbout } from '../../src/alert/dead-letter.rules.js';

const [one, other] = [newId('org'), newId('org')];
const letter = (orgId: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ seq: 1, handler: 'follow-hold', reason: 'failed', error: 'no', attempts: 8, at: '2026-11-30T08:00:00.000Z' },
  ...{ stream: 'EVT_PMS_SYNC', subject: `evt.pms-sync.hold.opened.v1.${orgId}`, streamSeq: 1 },
  ...more,
});

describe('dead letters', () => {
  it('are told by organization, handler and day, with how many', () => {
    const told = alertsAbout('directory', [
      letter(one),
      letter(one),
      letter(one, { handler: 'another' }),
      letter(one, { at: '2026-12-01T00:00:00.000Z' }),
      letter(other),
    ]);
    expect(told.map(({ orgId, raised: { key, data } }) => [orgId, key, data['alert.count']])).toEqual([
      [one, 'directory:follow-hold:2026-11-30', '2'],
      [one, 'directory:another:2026-11-30', '1'],
      [one, 'directory:follow-hold:2026-12-01', '1'],
      [other, 'directory:follow-hold:2026-11-30', '1'],
    ]);
  });

  it('say what to do about them, for no page shows them', () => {
    const [told] = alertsAbout('pms-sync', [letter(one)]);
    expect(told?.raised).toMatchObject({
      place: '/',
      data: { 'alert.way': 'docker compose exec pms-sync node dist/cli.js dead-letters list' },
    });
  });

  it('that name no organization are nobody’s', () => {
    expect(alertsAbout('directory', [letter('', { subject: 'evt.pms-sync.hold.opened.v1' })])).toEqual([]);
  });
});
