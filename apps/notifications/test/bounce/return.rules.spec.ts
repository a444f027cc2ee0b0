import { readReturn } from '../../src/bounce/return.rules.js';

const mail = (head: string, body: string): string => `${head}\r\n\r\n${body}`.replaceAll('\n', '\r\n').replaceAll('\r\r', '\r');

describe('what comes back', () => {
  it.each([
    [
      'a report',
      mail(
        'From: MAILER-DAEMON@x.test',
        'Final-Recipient: rfc822; a@x.test\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 gone',
      ),
      { kind: 'report', action: 'failed', code: '5.1.1', diagnostic: '550 5.1.1 gone' },
    ],
    [
      'a report whose diagnosis goes over two lines',
      mail('From: MAILER-DAEMON@x.test', 'Action: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; 451 4.4.1\n  timed out'),
      { kind: 'report', action: 'delayed', code: '4.4.1', diagnostic: '451 4.4.1 timed out' },
    ],
    [
      'a report without a status',
      mail('From: Postmaster@x.test', 'Action: failed\nDiagnostic-Code: smtp;550 5.2.1 disabled [EX01]'),
      { kind: 'report', action: 'failed', code: '5.2.1' },
    ],
    [
      'prose of a mail server',
      mail('From: Mail Delivery System <MAILER-DAEMON@x.test>', 'Sorry.\n550 5.1.1 does not exist\n'),
      { kind: 'report', action: 'failed', code: '5.1.1' },
    ],
    ['a complaint', mail('From: fbl@x.test', 'Feedback-Type: abuse\nVersion: 1'), { kind: 'complaint', feedback: 'abuse' }],
    ['an automatic answer', mail('From: a@x.test\nAuto-Submitted: auto-replied', 'I am away'), { kind: 'auto-reply' }],
    ['an older one', mail('From: a@x.test\nSubject: Out of office: Water', 'I am away'), { kind: 'auto-reply' }],
    ['an answer of a person, who quotes a code', mail('From: a@x.test', 'I got 550 5.1.1 from you?'), { kind: 'other' }],
  ])('%s', (_what, raw, expected) => expect(readReturn(raw)).toMatchObject(expected));
});
