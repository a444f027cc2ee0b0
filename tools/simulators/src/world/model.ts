/**
 * What is true in the simulated world. The vendors are views of it; none of them has data of its own.
 * Everybody in it is invented; addresses are `example.*`, telephone numbers are of the ranges kept for fiction.
 */
export const vendors = ['entrata', 'buildium', 'propertyiq', 'stratamax'] as const;
export type Vendor = (typeof vendors)[number];

/** `YYYY-MM-DD`, a day on the calendar of the property. */
export type Day = string;

export interface Property {
  readonly id: string;
  readonly vendor: Vendor;
  readonly kind: 'rental' | 'strata';
  name: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  readonly country: 'US' | 'AU';
  readonly timeZone: string;
  readonly currency: 'USD' | 'AUD';
  /** Strata plan number, as Australians know a community. */
  readonly plan: string | null;
  updatedAt: Date;
}

export interface Bedroom {
  readonly id: string;
  /** `A` in a unit that is let by the bed, `null` where the unit has one space. */
  name: string | null;
}

export interface Unit {
  readonly id: string;
  readonly propertyId: string;
  readonly buildingId: string | null;
  building: string | null;
  number: string;
  readonly bedrooms: Bedroom[];
  readonly beds: number;
  readonly by: 'bed' | 'unit';
  updatedAt: Date;
}

export interface Phone {
  kind: 'mobile' | 'personal' | 'work';
  /** As somebody typed it. */
  number: string;
}

export interface Customer {
  readonly id: string;
  readonly vendor: Vendor;
  firstName: string;
  lastName: string;
  preferred: string | null;
  email: string | null;
  phones: Phone[];
  readonly createdAt: Date;
  updatedAt: Date;
}

export const leaseStatuses = ['Applicant', 'Cancelled', 'Future', 'Current', 'Notice', 'Past'] as const;
export type LeaseStatus = (typeof leaseStatuses)[number];

export const roles = ['primary', 'co-applicant', 'occupant', 'guarantor', 'child', 'owner', 'tenant'] as const;
export type Role = (typeof roles)[number];

export interface Member {
  readonly customerId: string;
  readonly role: Role;
  /** A person may have left, or not yet come, while the lease is current. */
  status: LeaseStatus;
  moveIn: Day | null;
  moveOut: Day | null;
}

export interface LeaseInterval {
  readonly id: string;
  readonly type: 'Application' | 'Renewal' | 'Transfer';
  start: Day;
  end: Day | null;
  status: LeaseStatus;
}

/** A tenancy of a rental, the ownership of a lot, or the tenancy of a lot: who has what, from when to when. */
export interface Lease {
  readonly id: string;
  readonly propertyId: string;
  readonly kind: 'rental' | 'ownership' | 'lot-tenancy';
  unitId: string;
  /** The bed spaces it is for; all of the unit where it is let whole. */
  bedroomIds: string[];
  status: LeaseStatus;
  moveIn: Day;
  moveOut: Day | null;
  noticeGiven: Day | null;
  readonly members: Member[];
  readonly intervals: LeaseInterval[];
  /** Does the owner live there? */
  occupies: boolean;
  /** What they owe, in cents. */
  balance: number;
  readonly parentLeaseId: string | null;
  readonly createdAt: Date;
  updatedAt: Date;
}

export const positions = ['President', 'VicePresident', 'Treasurer', 'Secretary', 'BoardMember'] as const;
export type Position = (typeof positions)[number];

export interface CommitteeTerm {
  readonly id: string;
  readonly propertyId: string;
  readonly customerId: string;
  readonly position: Position;
  readonly from: Day;
  to: Day | null;
  readonly createdAt: Date;
}
