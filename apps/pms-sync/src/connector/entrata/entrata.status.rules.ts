import type { LeaseStatus } from '@leasewire/contracts';
import type { UpstreamPerson } from '../connector.js';

/** leaseStatusTypeId: pms-apis.md 1.7. There is no "Approved". */
export const statusIds: Readonly<Record<string, LeaseStatus>> = {
  '1': 'applicant',
  '2': 'cancelled',
  '3': 'future',
  '4': 'current',
  '5': 'notice',
  '6': 'past',
};

/** Applicant, Future, Current, Notice. By itself Entrata leaves out Future and Past (pms-apis.md 1.7). */
export const living = '1,3,4,5';
export const past = '6';
export const cancelled = '2';
export const everything = Object.keys(statusIds).join(',');

const words: Readonly<Record<string, LeaseStatus>> = {
  applicant: 'applicant',
  application: 'applicant',
  lead: 'applicant',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  denied: 'cancelled',
  future: 'future',
  approved: 'future',
  current: 'current',
  'month to month': 'current',
  notice: 'notice',
  'on notice': 'notice',
  past: 'past',
  former: 'past',
  evicted: 'past',
};

export const readStatusWord = (written: string | null): LeaseStatus | null => words[written?.toLowerCase() ?? ''] ?? null;

/**
 * The lease: its status type decides; the status of its interval only where that is missing. The interval is that of one term: a renewal
 * that is signed may be Future, and one that came to nothing Cancelled, while people live there by a lease that is Current (pms-apis.md
 * 1.9). Who is less than the lease is so by their own status: `personStatus`.
 */
export function leaseStatusOf(typeId: string | null, typeName: string | null, intervalStatus: string | null): LeaseStatus | null {
  return statusIds[typeId ?? ''] ?? readStatusWord(typeName) ?? readStatusWord(intervalStatus);
}

/**
 * One person on one lease: what the lease is, unless the person is less: gone, not there yet, or leaving. A Past co-applicant on a
 * Current lease is no resident; a Current row on a Past lease is none either. Rows: the lease; columns: leaseCustomerStatus.
 */
export const personStatus: Readonly<Record<LeaseStatus, Readonly<Record<LeaseStatus, LeaseStatus>>>> = {
  applicant: {
    applicant: 'applicant',
    future: 'applicant',
    current: 'applicant',
    notice: 'applicant',
    past: 'past',
    cancelled: 'cancelled',
  },
  future: { applicant: 'applicant', future: 'future', current: 'future', notice: 'future', past: 'past', cancelled: 'cancelled' },
  current: {
    applicant: 'applicant',
    future: 'future',
    current: 'current',
    notice: 'notice',
    past: 'past',
    cancelled: 'cancelled',
  },
  notice: { applicant: 'applicant', future: 'future', current: 'notice', notice: 'notice', past: 'past', cancelled: 'cancelled' },
  past: { applicant: 'past', future: 'past', current: 'past', notice: 'past', past: 'past', cancelled: 'cancelled' },
  cancelled: {
    applicant: 'cancelled',
    future: 'cancelled',
    current: 'cancelled',
    notice: 'cancelled',
    past: 'cancelled',
    cancelled: 'cancelled',
  },
};

/** A status of the person that is missing or new to us leaves the lease's. */
export const statusOf = (lease: LeaseStatus, customer: string | null): LeaseStatus =>
  personStatus[lease][readStatusWord(customer) ?? lease];

const roles: Readonly<Record<string, UpstreamPerson['role']>> = {
  primary: 'primary',
  'primary applicant': 'primary',
  'co-applicant': 'co-applicant',
  'co applicant': 'co-applicant',
  coapplicant: 'co-applicant',
  roommate: 'co-applicant',
  spouse: 'co-applicant',
  occupant: 'occupant',
  'non-responsible occupant': 'occupant',
  'non-leasing occupant': 'occupant',
  child: 'occupant',
  guarantor: 'guarantor',
};

/** The type decides; how they are related to the primary only where it is missing. */
export function roleOf(customerType: string | null, relationship: string | null): UpstreamPerson['role'] {
  const type = customerType?.toLowerCase() ?? '';
  return (
    roles[type] ??
    (type === '' ? roles[relationship?.toLowerCase() ?? ''] : undefined) ??
    (type.includes('guarantor') ? 'guarantor' : 'other')
  );
}
