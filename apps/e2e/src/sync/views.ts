/** What these tests read of the REST API; the contracts say all of it. */
export interface OccupancyView {
  readonly unitId: string | null;
  readonly unit: string | null;
  readonly bedroom: string | null;
  readonly leaseId: string | null;
  readonly status: string;
  readonly from: string | null;
  readonly until: string | null;
  readonly leaseEnd: string | null;
  readonly endedAt: string | null;
}
export interface ResidentView {
  readonly id: string;
  readonly personId: string;
  readonly propertyId: string;
  readonly upstreamId: string | null;
  readonly name: { readonly first: string; readonly last: string; readonly raw: string };
  readonly displayName: string;
  readonly email: string | null;
  readonly phones: readonly { readonly e164: string | null; readonly raw: string }[];
  readonly userTypes: readonly string[];
  readonly role: string | null;
  readonly state: string;
  readonly leaseStatus: string | null;
  readonly occupancy: OccupancyView | null;
  readonly occupancies: readonly OccupancyView[];
  readonly access: {
    readonly from: string | null;
    readonly until: string | null;
    readonly open: boolean;
    readonly reason: string;
  };
  readonly accountStatus: string | null;
  readonly wifiStatus: string | null;
  readonly balance: { readonly amount: number; readonly currency: string } | null;
  readonly issues: readonly string[];
  readonly lastSyncedAt: string | null;
  readonly archivedReason: string | null;
  readonly version: number;
}
export interface UnitView {
  readonly id: string;
  readonly building: string | null;
  readonly number: string;
  readonly bedrooms: readonly { readonly name: string }[];
  readonly residents?: number;
  readonly upstreamId: string | null;
  readonly lastSyncedAt: string | null;
  readonly deletedUpstreamAt: string | null;
}
export interface RunView {
  readonly id: string;
  readonly propertyId: string;
  readonly scope: string;
  readonly cause: string;
  readonly state: string;
  readonly complete: boolean;
  readonly counts: Readonly<Record<'synced' | 'unchanged' | 'skipped' | 'failed' | 'held', number>>;
  readonly pages: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly error: { readonly code: string; readonly message: string } | null;
}
export interface RunOutcomeView {
  readonly upstreamId: string;
  readonly residentId: string | null;
  readonly name: string;
  readonly unit: string | null;
  readonly outcome: string;
  readonly light: string;
  readonly decision: string;
  readonly reason?: { readonly code: string; readonly message: string };
}
export interface HoldView {
  readonly id: string;
  readonly state: string;
  readonly count: number;
  readonly people: readonly { readonly upstreamId: string; readonly name: string; readonly why: string }[];
  readonly units: readonly { readonly upstreamId: string; readonly name: string }[];
  readonly banner: string;
}
export interface AdoptedProperty {
  readonly propertyId: string;
  readonly upstreamId: string;
  readonly name: string;
  readonly timeZone: string;
}
