import type { MailReport } from '@leasewire/contracts';
import { missingIn, namedBy, returnOf } from '../../src/bounce/mail-report.rules.js';

const report = (more: Partial<MailReport>): MailReport => ({ id: 'e1', type: 'delivered', ...more });
const token = 'ab'.repeat(15);

describe('a report names the mail', () => {
  it.each<[string, Partial<MailReport>, ReturnType<typeof namedBy>]>([
    ['by our Message-ID', { messageId: '<dlv_01abc@mail.test>' }, { deliveryId: 'dlv_01abc' }],
    ['by our Message-ID without its brackets', { messageId: 'dlv_01abc@mail.test' }, { deliveryId: 'dlv_01abc' }],
    ['by the return path', { returnPath: `<bounce+${token}@mail.test>` }, { token }],
    ['by the return path first', { returnPath: `bounce+${token}@x`, messageId: '<0101@amazonses.com>' }, { token }],
    ['of others not at all', { messageId: '<0101@amazonses.com>', returnPath: 'a@b.test' }, null],
  ])('%s', (_name, more, expected) => {
    expect(namedBy(report(more))).toEqual(expected);
  });
});

describe('a report means what a mail server would have said', () => {
  it.each<[Partial<MailReport>, ReturnType<typeof returnOf>]>([
    [{ type: 'complained' }, { kind: 'complaint', feedback: 'abuse' }],
    [{ type: 'delivered' }, { kind: 'report', action: 'delivered', code: '2.0.0', diagnostic: '' }],
    [
      { type: 'delayed', reason: 'busy' },
      { kind: 'report', action: 'delayed', code: '4.0.0', diagnostic: 'busy' },
    ],
    [
      { type: 'bounced', code: '5.1.1' },
      { kind: 'report', action: 'failed', code: '5.1.1', diagnostic: '' },
    ],
  ])('%j', (more, expected) => {
    expect(returnOf(report(more))).toEqual(expected);
  });
});

describe('a report lacks', () => {
  it.each<[Partial<MailReport>, RegExp | null]>([
    [{}, /names no mail/],
    [{ type: 'bounced', messageId: '<a@b>' }, /why it bounced/],
    [{ type: 'bounced', messageId: '<a@b>', code: '5.0.0' }, null],
    [{ returnPath: 'a@b.test' }, null],
  ])('%j', (more, expected) => {
    const missing = missingIn(report(more));
    if (expected === null) expect(missing).toBeNull();
    else expect(missing).toMatch(expected);
  });
});
