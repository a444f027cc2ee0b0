import type { Try } from '../channel/channel.js';

/** What is known of a failed attempt. */
export interface SmtpFailure {
  readonly message: string;
  /** Of the last reply; null: there was none. */
  readonly replyCode: number | null;
  /** Where in the conversation: CONN, AUTH, MAIL FROM, RCPT TO, DATA. */
  readonly command: string | null;
  /** A byte of the mail was sent: the server may have it, whatever came afterwards. */
  readonly contentBegan: boolean;
}

/** `unknown`: it may or may not have gone out. `away`: nobody takes mail there for the moment, so none is tried. */
export type SmtpOutcome = Try | { readonly state: 'unknown' } | { readonly state: 'away'; readonly reason: string };

/** Nothing is wrong with this mail: nobody is there, or we are not let in. */
const beforeMail = new Set(['CONN', 'EHLO', 'HELO', 'LHLO', 'STARTTLS', 'API']);

export function smtpOutcome(failure: SmtpFailure): SmtpOutcome {
  const { message, replyCode, command, contentBegan } = failure;
  if (replyCode === null) return contentBegan ? { state: 'unknown' } : { state: 'away', reason: message };
  // a 421 ends the connection, wherever it comes: the server is busy, or going down
  if (replyCode === 421 || beforeMail.has(command ?? 'CONN') || command?.startsWith('AUTH') === true || isAboutUs(failure))
    return { state: 'away', reason: message };
  const code = enhancedCode(message) ?? String(replyCode);
  if (replyCode >= 400 && replyCode < 500) return { state: 'again', reason: `The mail server said: ${said(message)}`, code };
  return refused(said(message), code, command === 'RCPT TO' || /\bRCPT\b/.test(command ?? ''));
}

/** A 5xx. Of the recipient it is a bounce; of the content, the sender or a policy it is not their address’s fault. */
function refused(text: string, code: string, ofRecipient: boolean): Try {
  if (isDead(code) || (ofRecipient && code === '550'))
    return {
      state: 'bounced',
      reason: `The address does not exist: ${text}`,
      nextStep: 'Correct it in the PMS or on the resident’s page.',
      code,
      suppress: 'hard-bounce',
    };
  if (ofRecipient) return { state: 'bounced', reason: `The mail server refused it: ${text}`, nextStep: stepFor(code), code };
  return { state: 'failed', reason: `The mail server refused it: ${text}`, nextStep: stepFor(code), code };
}

/** Wrong password, no permission to send: mending it is for whoever runs the deployment, and mail waits meanwhile. */
const isAboutUs = ({ replyCode }: SmtpFailure): boolean => replyCode === 530 || replyCode === 535 || replyCode === 538;

/** Nobody has this address, or its domain takes no mail (RFC 3463). */
export const isDead = (code: string): boolean => /^5\.1\.(?:1|2|3|6|10)$|^5\.2\.1$|^5\.4\.4$/.test(code);

/** The mailbox is full or away for now. */
export const isPassing = (code: string): boolean => code.startsWith('4.') || code === '5.2.2';

export function stepFor(code: string): string {
  if (isDead(code)) return 'Correct it in the PMS or on the resident’s page.';
  if (isPassing(code)) return 'Try again in some days, or reach them another way.';
  if (code.startsWith('5.7'))
    return 'Their mail provider does not let it through. Reach them another way, and tell whoever runs the mail.';
  return 'Reach them another way.';
}

export const enhancedCode = (text: string): string | null => /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? null;

/** Without what the mail library put before the reply. */
const said = (message: string): string => (/\d{3}[ -].*$/su.exec(message)?.[0] ?? message).replaceAll(/\s+/gu, ' ').slice(0, 300);
