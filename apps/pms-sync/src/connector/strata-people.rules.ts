import { createHash } from 'node:crypto';
import type { RejectedRow, UpstreamPerson } from './connector.js';
import { readEmail } from './emails.rules.js';
import { readName, type Name, type WrittenName } from './names.rules.js';
import { readPhones } from './phones.rules.js';

/** One contact of one lot on a strata roll, whatever the vendor calls its fields. */
export interface StrataContact {
  /** The vendor's id of the contact. */
  readonly id: string | null;
  readonly name: WrittenName;
  readonly emails: readonly (string | null)[];
  readonly phones: readonly { readonly number: string | null; readonly kind: string | null }[];
  readonly is: 'owner' | 'tenant';
  readonly occupies: boolean | null;
  readonly committee: boolean | null;
  readonly lot: { readonly id: string; readonly name: string };
}

/**
 * Roles from the flags that are known (pms-apis.md 2.3): an owner who does not say that they live there is an investor; committee
 * comes on top. A strata roll has no dates: who is on it is there now. Without a vendor's id the lot and the name are
 * the key: whoever buys the lot must not become who sold it.
 */
export function readStrataContact(contact: StrataContact, country: string): UpstreamPerson | RejectedRow {
  const { id, lot, is } = contact;
  const name = readName(contact.name);
  const upstreamId = id ?? idByName(lot.id, name);
  if (name.raw === '') return { upstreamId, field: 'name', reason: 'A lot has a contact without a name.' };
  const type = is === 'tenant' ? 'tenant' : contact.occupies === true ? 'owner-occupier' : 'owner-investor';
  const stay = {
    leaseId: `${is}-${lot.id}`.slice(0, 100),
    unitId: lot.id,
    unitName: lot.name.slice(0, 100),
    bedroom: null,
    status: 'current',
  } as const;
  return {
    upstreamId,
    name,
    ...readEmail(...contact.emails),
    phones: readPhones(contact.phones, country),
    userTypes: contact.committee === true ? [type, 'committee'] : [type],
    role: is,
    stays: [{ ...stay, moveIn: null, moveOut: null, leaseStart: null, leaseEnd: null }],
  };
}

function idByName(lotId: string, name: Name): string {
  const who = `${name.first} ${name.last} ${name.company ?? ''}`
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return `lot-${lotId}-${createHash('sha256').update(who).digest('hex').slice(0, 16)}`.slice(0, 100);
}
