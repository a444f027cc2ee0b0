import type { AccountStatus, EntityVersion, AccountColumns } from '@leasewire/contracts';
import type { z } from 'zod';

/** The account of a person as it is shown with each of their residents. */
export interface ShownAccount {
  readonly accountStatus: z.infer<typeof AccountStatus> | null;
  readonly account: AccountColumns | null;
}
export const noAccount: ShownAccount = { accountStatus: null, account: null };

/** What is kept with the person, so that a later residency of theirs shows it from the first moment. */
export interface KeptAccount {
  readonly status: z.infer<typeof AccountStatus>;
  readonly columns: AccountColumns;
  readonly version: EntityVersion;
}
export const shownOf = (kept: KeptAccount | null): ShownAccount =>
  kept === null ? noAccount : { accountStatus: kept.status, account: kept.columns };

/** Moments as they are kept, so that their texts compare. */
export function columnsOf({ invitedAt, expiresAt, activatedAt, mail, terms }: AccountColumns): AccountColumns {
  const utc = (at: string): string => new Date(at).toISOString();
  return {
    invitedAt: invitedAt && utc(invitedAt),
    expiresAt: expiresAt && utc(expiresAt),
    activatedAt: activatedAt && utc(activatedAt),
    mail: mail && { state: mail.state, reason: mail.reason, at: utc(mail.at) },
    terms: terms && { ...whose(terms), version: terms.version, acceptedAt: utc(terms.acceptedAt) },
  };
}

/** What was told before each had its own numbers does not say. */
const whose = ({ propertyId }: NonNullable<AccountColumns['terms']>) => propertyId !== undefined && { propertyId };

/** For the timeline; null where it is not worth a line. */
export function sentenceOf(before: ShownAccount, after: ShownAccount): string | null {
  const { account: is } = after;
  const mail = is?.mail;
  if (mail && mail.state !== before.account?.mail?.state && (mail.state === 'bounced' || mail.state === 'failed'))
    return `The invitation mail did not arrive${mail.reason === null ? '' : `: ${mail.reason}`}.`;
  if (after.accountStatus !== before.accountStatus && after.accountStatus !== null) return sentences[after.accountStatus];
  return is?.invitedAt != null && is.invitedAt !== before.account?.invitedAt ? 'Invited again.' : null;
}

const sentences = {
  'not-invited': 'Not invited yet.',
  'pending-activation': 'Invited.',
  live: 'Activated the account.',
  'activation-expired': 'The activation link expired unused.',
} as const;
