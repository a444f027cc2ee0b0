import { enhancedCode } from '../email/smtp-outcome.rules.js';

/** What came back to a return path. */
export type Return =
  | {
      readonly kind: 'report';
      readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
      readonly code: string;
      readonly diagnostic: string;
    }
  | { readonly kind: 'complaint'; readonly feedback: string }
  | { readonly kind: 'auto-reply' }
  | { readonly kind: 'other' };

const actions = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;

/**
 * Reads a report (RFC 3464, 6533, 5965) and what servers send instead of one: Exchange without a status, exim and qmail in prose, one
 * sentence. Whom it is about is in the address it came to, so nothing in it is believed about that.
 */
export function readReturn(raw: string): Return {
  const text = unfolded(raw);
  const feedback = field(text, 'Feedback-Type');
  if (feedback !== null) return { kind: 'complaint', feedback: feedback.toLowerCase() };
  const action = field(text, 'Action')?.toLowerCase();
  const known = actions.find((one) => one === action);
  if (known) {
    const diagnostic = field(text, 'Diagnostic-Code')?.replace(/^[^;]*;\s*/, '') ?? '';
    const code = field(text, 'Status')?.split(' ')[0] ?? enhancedCode(diagnostic) ?? fallback(known, diagnostic);
    return { kind: 'report', action: known, code, diagnostic: diagnostic.slice(0, 500) };
  }
  const reply = /\b[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3}[ :])?[^\n]*/.exec(bodyOf(text))?.[0];
  if (isFromServer(text) && reply !== undefined)
    return {
      kind: 'report',
      action: 'failed',
      code: enhancedCode(reply) ?? `${reply.charAt(0)}.0.0`,
      diagnostic: reply.trim().slice(0, 500),
    };
  return isAutomatic(text) ? { kind: 'auto-reply' } : { kind: 'other' };
}

const fallback = (action: string, diagnostic: string): string =>
  action === 'delayed' ? '4.0.0' : action === 'failed' ? `${/\b([45])\d\d\b/.exec(diagnostic)?.[1] ?? '5'}.0.0` : '2.0.0';

function field(text: string, name: string): string | null {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? null;
}

const unfolded = (raw: string): string => raw.replaceAll(/\r\n/g, '\n').replaceAll(/\n[ \t]+/g, ' ');
const headOf = (text: string): string => text.slice(0, Math.max(0, text.indexOf('\n\n')));
const bodyOf = (text: string): string => text.slice(Math.max(0, text.indexOf('\n\n')));
const isFromServer = (text: string): boolean =>
  /^(?:From|Return-Path):.*(?:mailer-daemon|postmaster|mail delivery)/im.test(headOf(text)) ||
  field(headOf(text), 'X-Failed-Recipients') !== null;
const isAutomatic = (text: string): boolean => {
  const head = headOf(text);
  const submitted = field(head, 'Auto-Submitted');
  return (
    (submitted !== null && submitted.toLowerCase() !== 'no') ||
    /^Precedence:\s*(?:bulk|junk|auto_reply)/im.test(head) ||
    /^Subject:\s*(?:out of office|automatic reply|auto:)/im.test(head)
  );
};
