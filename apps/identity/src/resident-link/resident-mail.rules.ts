import type { InputOf, sendTemplate } from '@leasewire/contracts';
import type { ResidentAccountDoc } from '../resident-account/resident-account.repository.js';
import type { ResidentLinkDoc } from './resident-link.repository.js';

type Mail = InputOf<typeof sendTemplate>;

/** What is mailed for a link: the link to who needs it, and of a change of address a word to the old one. */
export function mailOf(
  link: Pick<ResidentLinkDoc, '_id' | 'purpose' | 'email' | 'expiresAt'>,
  account: Pick<ResidentAccountDoc, '_id' | 'name' | 'email' | 'locale'>,
  url: string,
): Mail[] {
  const mail = (key: string, template: string, email: string, more: Pick<Mail, 'data' | 'secrets'>): Mail => ({
    key,
    template,
    category: 'security',
    recipients: [{ kind: 'address', email, name: account.name, personId: account._id, language: account.locale }],
    ...more,
  });
  if (link.purpose === 'password-reset')
    return [
      mail(`resident-link:${link._id}`, 'password-reset', link.email, {
        data: { 'password.expires': link.expiresAt.toISOString(), 'account.email': account.email },
        secrets: { 'password.link': url },
      }),
    ];
  const data = { 'account.newEmail': partlyHidden(link.email), 'account.email': account.email };
  return [mail(`resident-link:${link._id}`, 'email-change', link.email, { data, secrets: { 'account.link': url } })];
}

/** Enough to recognize one's own, too little to write to somebody else's. */
export function partlyHidden(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}***${email.slice(at)}`;
}
