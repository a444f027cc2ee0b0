import type { Clock, Log } from '@leasewire/messaging';
import type {
  Diagnosis as ConnectionDiagnosis,
  LocalDate,
  Platform,
  PmsName,
  UpstreamPerson,
  UpstreamUnit,
} from '@leasewire/contracts';
import type { z } from 'zod';

/** What a connector is: one folder, one definition in the registry. See docs/connectors.md. */

export type ConnectorName = PmsName;
export type FormField = z.infer<typeof Platform>['fields'][number];
export type Diagnosis = ConnectionDiagnosis;
export type { UpstreamPerson, UpstreamUnit } from '@leasewire/contracts';

export interface Capabilities {
  /** Whether `since` is understood. */
  readonly deltas: boolean;
  readonly targeted: { readonly residents: boolean; readonly units: boolean };
  readonly balances: boolean;
  readonly webhook: boolean;
}

export interface OpenConnector {
  /** As they were stored: parsed again by the schemas of the definition. */
  readonly settings: unknown;
  readonly credentials: unknown;
  readonly http: VendorHttp;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ConnectorDefinition {
  readonly name: ConnectorName;
  readonly label: string;
  readonly kind: 'rental' | 'strata' | 'both';
  /** ISO 3166-1 alpha-2: where a property is of which the vendor does not say it. */
  readonly country?: string;
  /** false: there is no document of the vendor that it is checked against, and no real account has seen it; said so on the page. */
  readonly verified: boolean;
  readonly settings: z.ZodObject;
  /** All of it is secret: sealed at rest, never shown. */
  readonly credentials: z.ZodObject;
  /** The form, field by field, for both schemas. */
  readonly fields: readonly FormField[];
  readonly capabilities: Capabilities;
  /** Credentials that are needed with these settings, beside those that always are. */
  needs?(settings: unknown): readonly string[];
  /** Where all requests go, also those for a token; null: nowhere (a file). Credentials that are stored go to no other host. */
  address(settings: unknown): string | null;
  open(about: OpenConnector): Connector;
}

export interface Connector {
  /** In plain words for a person; never throws. */
  test(): Promise<Diagnosis>;
  listProperties(): Promise<UpstreamProperty[]>;
  /** All units of a property. Throws when one page is missing: a unit that is not in the list is gone upstream. */
  fetchUnits(property: PropertyToFetch): Promise<UpstreamUnit[]>;
  /**
   * Pages of people; ends by itself. `complete` of the last page is true only when every page of every wanted status arrived
   * and totals agree. A failed page throws VendorError: nothing is known then. No person comes twice.
   */
  fetchPeople(property: PropertyToFetch, wanted: WantedPeople): AsyncIterable<PeoplePage>;
}

export interface UpstreamProperty {
  readonly id: string;
  readonly name: string;
  readonly kind: 'rental' | 'strata';
  readonly address?: { line1?: string; line2?: string; city?: string; region?: string; postcode?: string };
  /** ISO 3166-1 alpha-2, where the vendor says something that can be read as one. */
  readonly country?: string;
  readonly timeZone?: string;
  readonly unitCount?: number;
}

export interface PropertyToFetch {
  readonly upstreamId: string;
  readonly kind?: 'rental' | 'strata';
  readonly timeZone: string;
  readonly country: string;
  readonly currency: string;
  /** Who moved out before this day is not asked for. */
  readonly pastFrom: LocalDate;
}

export interface WantedPeople {
  /** Only what changed since: where `capabilities.deltas`. Never complete. */
  readonly since?: Date;
  /** Only these customer ids: where `capabilities.targeted.residents`. With `units` these too, wherever they are. */
  readonly people?: readonly string[];
  /** Only who is in these units, each with all that they have in the property: where `capabilities.targeted.units`. */
  readonly units?: readonly string[];
  readonly withBalances?: boolean;
  /** Of a sweep: by which rows people are known already. A connector may do without. */
  readonly known?: KnowsRows;
}

/** What is remembered of people whose readings were `reading`: all that a row is read by beside the row itself. */
export interface KnowsRows {
  readBy(reading: string): Promise<KnownRows>;
}
export interface KnownRows {
  /** The row of this hash, if it is all that was told of everybody whom it names, and telling it again would come to nothing. */
  row(hash: string): KnownRow | undefined;
  has(hash: string): boolean;
}
/** What reading it would say again. */
export interface KnownRow {
  readonly id: string;
  /** All whom it names. */
  readonly people: readonly KnownPerson[];
}
/** What a sweep counts of somebody of whom nothing had to be read. */
export interface KnownPerson {
  readonly upstreamId: string;
  readonly lives: boolean;
  readonly skipped: boolean;
}
/** The one row that somebody was read from. */
export interface OnlyRow {
  readonly hash: string;
  readonly id: string;
  /** How many it names. */
  readonly names: number;
}

export interface RejectedRow {
  /** null: the row does not even say who it is; then the sweep is not complete. */
  readonly upstreamId: string | null;
  readonly field: string;
  readonly reason: string;
}

export interface PeoplePage {
  readonly people: UpstreamPerson[];
  readonly rejected: RejectedRow[];
  /** Who is what `known` has of them: they were there, and nothing of them was read. */
  readonly same?: readonly KnownPerson[];
  /** Of people of this page: the one row that they were read from, where it was only one. */
  readonly rows?: { readonly reading: string; readonly of: ReadonlyMap<string, OnlyRow> };
  /** On the last page only. */
  readonly complete?: boolean;
  /** On the last page, when it is not complete: why, in plain words. */
  readonly why?: string;
}

export interface VendorRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  /** In an error and in the log: 'the leases'. Never personal, never secret. */
  readonly what: string;
  /** Which budget the vendor counts it to, where it counts per service; usually one for all. */
  readonly budget?: string;
}
export interface VendorReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The one door to vendors. Throws VendorError for no answer, 429 and 5xx; what another status means is the connector's to say. */
export interface VendorHttp {
  request(request: VendorRequest): Promise<VendorReply>;
}
