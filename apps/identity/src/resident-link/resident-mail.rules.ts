import type { InputOf, sendTemplate } from '@leasewire/contracts';
import type { ResidentAccountDoc } from '../resident-account/resident-account.repository.js';
import type { Home } from '../resident-notice/resident-home.js';
import { partlyHidden } from '../resident-notice/resident-notice.rules.js';
import type { ResidentLinkDoc } from './resident-link.repository.js';

type Mail = InputOf<typeof sendTemplate>;

/** What is mailed for a link. */
export function mailOf(
  link: Pick<ResidentLinkDoc, '_id' | 'purpose' | 'email' | 'expiresAt'>,
  account: Pick<ResidentAccountDoc, '_id' | 'name' | 'email' | 'locale'>,
  url: string,
  { propertyId, named }: Home,
): Mail {
  const mail = (template: string, data: NonNullable<Mail['data']>, secrets: NonNullable<Mail['secrets']>): Mail => ({
    key: `resident-link:${link._id}`,
    template,
    propertyId,
    category: 'security',
    recipients: [{ kind: 'address', email: link.email, name: account.name, personId: account._id, language: account.locale }],
    data: { ...named, 'account.email': account.email, ...data },
    secrets,
  });
  return link.purpose === 'password-reset'
    ? mail('password-reset', { 'password.expires': link.expiresAt.toISOString() }, { 'password.link': url })
    : mail('email-change', { 'account.newEmail': partlyHidden(link.email) }, { 'account.link': url });
}
