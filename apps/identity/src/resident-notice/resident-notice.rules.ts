import { EmailAddress, Locale, PersonId, ResidentDisplayName, SystemTemplateName, type PropertyId } from '@leasewire/contracts';
import { z } from 'zod';

/** What a resident is told of their account. It goes to the address that the account had before it happened. */
export const ResidentNotice = z.object({
  template: SystemTemplateName.extract(['password-changed', 'email-changed']),
  personId: PersonId,
  email: EmailAddress,
  name: ResidentDisplayName,
  locale: Locale,
  newEmail: z.string().optional().describe('Partly hidden'),
  at: z.iso.datetime(),
});
export type ResidentNotice = z.infer<typeof ResidentNotice>;

interface Residency {
  readonly propertyId: PropertyId;
  readonly state: 'pending-import' | 'active' | 'archived';
}
/** In whose name somebody is written to: where they live, else where they lived. */
export function homeOf(residencies: readonly Residency[]): PropertyId | null {
  return (residencies.find(({ state }) => state === 'active') ?? residencies[0])?.propertyId ?? null;
}

/** Every text for residents names their property; whoever has none known is written to by the organization. */
export function inTheNameOf(propertyId: PropertyId | null, organization: string) {
  const named = { 'organization.name': organization };
  return propertyId === null ? { propertyId, named: { ...named, 'property.name': organization } } : { propertyId, named };
}

/** Enough to recognize one's own, too little to write to somebody else's. */
export function partlyHidden(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}***${email.slice(at)}`;
}
