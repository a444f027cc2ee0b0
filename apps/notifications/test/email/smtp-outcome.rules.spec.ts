import { smtpOutcome, type SmtpFailure } from '../../src/email/smtp-outcome.rules.js';

const failure = (more: Partial<SmtpFailure>): SmtpFailure => ({
  message: 'Connection closed unexpectedly',
  replyCode: null,
  command: 'CONN',
  contentBegan: false,
  ...more,
});
const reply = (code: number, text: string, command: string, contentBegan = false): SmtpFailure =>
  failure({ replyCode: code, message: `Refused: ${code} ${text}`, command, contentBegan });

describe('a mail that did not go through', () => {
  it.each([
    ['nobody listens', failure({ message: 'connect ECONNREFUSED' }), { state: 'away' }],
    ['the line is cut before its content', failure({}), { state: 'away' }],
    ['the line is cut after its content began', failure({ contentBegan: true }), { state: 'unknown' }],
    ['the server is silent after its content', failure({ message: 'Timeout', contentBegan: true }), { state: 'unknown' }],
    ['the server is busy', reply(421, '4.7.0 too many', 'RCPT TO'), { state: 'away' }],
    ['the password is wrong', reply(535, '5.7.8 bad credentials', 'AUTH PLAIN'), { state: 'away' }],
    ['it is greylisted', reply(450, '4.2.0 greylisted', 'RCPT TO'), { state: 'again', code: '4.2.0' }],
    ['the content is to come later', reply(451, '4.3.0 later', 'DATA', true), { state: 'again' }],
    ['nobody has the address', reply(550, '5.1.1 unknown', 'RCPT TO'), { state: 'bounced', suppress: 'hard-bounce' }],
    ['an old server says so', reply(550, 'no such user', 'RCPT TO'), { state: 'bounced', suppress: 'hard-bounce' }],
    ['the mailbox is full', reply(552, '5.2.2 full', 'RCPT TO'), { state: 'bounced', code: '5.2.2' }],
    ['it looks like spam', reply(554, '5.7.1 spam', 'DATA', true), { state: 'failed', code: '5.7.1' }],
    ['the sender is refused', reply(553, '5.7.1 not yours', 'MAIL FROM'), { state: 'failed' }],
  ])('because %s', (_why, what, outcome) => {
    expect(smtpOutcome(what)).toMatchObject(outcome);
  });

  it('for a full mailbox or for spam, is no reason to write to the address no more', () => {
    expect(smtpOutcome(reply(552, '5.2.2 full', 'RCPT TO'))).not.toHaveProperty('suppress');
    expect(smtpOutcome(reply(554, '5.7.1 spam', 'DATA', true))).not.toHaveProperty('suppress');
  });
});
