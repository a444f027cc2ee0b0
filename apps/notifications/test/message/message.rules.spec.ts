import type { MessageState } from '@leasewire/contracts';
import { canDo } from '../../src/message/message.rules.js';

const noon = new Date('2026-11-30T12:00:00Z');

describe('what can be done with a message of staff', () => {
  it.each<[string, MessageState, Date | null, string[]]>([
    ['that is planned', 'scheduled', null, ['cancel', 'edit', 'copy']],
    ['that waits to be confirmed again', 'waiting', null, ['cancel', 'edit', 'confirm', 'copy']],
    ['that was given up when some of it was out', 'waiting', noon, ['cancel', 'resume', 'copy']],
    ['that begins', 'preparing', noon, ['cancel', 'copy']],
    ['that goes out', 'sending', noon, ['cancel', 'pause', 'copy']],
    ['that is paused', 'paused', noon, ['cancel', 'resume', 'copy']],
    ['that is over', 'done', noon, ['copy']],
  ])('%s', (_name, state, startedAt, can) => {
    expect(canDo({ kind: 'composed', state, startedAt, contentGone: false })).toEqual(can);
  });

  it('of a service is not to be edited, but goes on', () => {
    expect(canDo({ kind: 'template', state: 'waiting', startedAt: noon, contentGone: false })).toEqual(['cancel', 'resume']);
  });
});
