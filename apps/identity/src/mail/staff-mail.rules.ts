import { Locale, StaffId, SystemTemplateName } from '@leasewire/contracts';
import { z } from 'zod';

/** What is to be mailed to somebody of the staff. The link is not in it: it stays sealed with the link until it is mailed. */
export const StaffMail = z.object({
  template: SystemTemplateName.extract([
    'staff-invitation',
    'staff-password-reset',
    'staff-password-changed',
    'staff-two-factor-off',
    'staff-sign-in-locked',
  ]),
  staffId: StaffId,
  email: z.string(),
  name: z.string(),
  locale: Locale,
  linkId: z.string().optional(),
  invitedBy: z.string().optional(),
  address: z.string().optional(),
  at: z.iso.datetime(),
});
export type StaffMail = z.infer<typeof StaffMail>;

/** News of yesterday’s password would only confuse whoever has had three since. */
export const tooOldMs = 48 * 3_600_000;
/** While notifications is away. It costs a row read and a call that nobody answers. */
export const askAgainMs = 5_000;

interface MailedLink {
  readonly url: string;
  readonly expiresAt: Date;
}
/** The merge fields of a mail; what opens an account is apart, as secrets. */
export function fieldsOf(mail: StaffMail, organization: string, link: MailedLink | null) {
  const kind = mail.template === 'staff-invitation' ? 'invitation' : 'password';
  return {
    data: {
      'organization.name': organization,
      'account.email': mail.email,
      'event.at': mail.at,
      ...(mail.invitedBy !== undefined && { 'invitation.by': mail.invitedBy }),
      ...(mail.address !== undefined && mail.address !== '' && { 'event.address': mail.address }),
      ...(link && { [`${kind}.expires`]: link.expiresAt.toISOString() }),
    },
    secrets: link ? { [`${kind}.link`]: link.url } : {},
  };
}

export type MailOutcome =
  | { readonly state: 'done' }
  | { readonly state: 'later'; readonly at: Date; readonly reason: string }
  | { readonly state: 'not-done'; readonly reason: string; readonly retry?: boolean };

/** Sent again under the same key it goes out once, so whatever may not have arrived is simply asked again. */
export function afterError(code: string, message: string, now: Date): MailOutcome {
  if (code === 'unavailable' || code === 'timeout')
    return { state: 'later', at: new Date(now.getTime() + askAgainMs), reason: 'notifications does not answer at the moment.' };
  return { state: 'not-done', reason: `${code}: ${message}` };
}
