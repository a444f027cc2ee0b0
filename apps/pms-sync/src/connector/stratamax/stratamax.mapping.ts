/**
 * The one file that knows StrataMax's shapes, to be replaced when the partner pack is there. StrataMax publishes nothing: the base
 * URL and the key are from a help page (pms-apis.md 2.1), every path and field name below is our guess, and so the connector is
 * unverified. The first name of a list that is there counts.
 */
export const stratamaxMapping = {
  keyHeader: 'x-api-key',
  paths: { sites: '/api/v1/sites', lots: '/api/v1/sites/{site}/lots' },
  paging: { page: 'page', size: 'pageSize', perPage: 200, firstPage: 1 },
  /** Where the list, the total and the address of the next page are in an answer. An answer may be the list itself. */
  envelope: {
    list: ['items', 'data', 'results', 'sites', 'lots'],
    total: ['totalItems', 'total', 'totalCount'],
    next: ['next', 'nextPage'],
  },
  site: {
    id: ['id', 'siteId', 'planId'],
    name: ['name', 'siteName', 'buildingName'],
    plan: ['planNumber', 'plan', 'sp'],
    address: ['address'],
    line1: ['street', 'streetAddress', 'line1'],
    city: ['suburb', 'city'],
    region: ['state'],
    postcode: ['postcode', 'postCode'],
  },
  lot: {
    id: ['id', 'lotId'],
    number: ['unitNumber', 'unitNo', 'lotNumber', 'lotNo'],
    owners: ['owners', 'contacts', 'owner'],
    ownerOccupied: ['ownerOccupied', 'ownerOccupier'],
  },
  owner: {
    roll: ['roll', 'contactType'],
    id: ['contactId', 'ownerId', 'id'],
    first: ['firstName', 'givenName'],
    last: ['lastName', 'surname'],
    full: ['name', 'fullName', 'nameOnTitle'],
    company: ['companyName', 'company'],
    email: ['email', 'emailAddress', 'email1'],
    mobile: ['mobile', 'mobilePhone'],
    phone: ['phone', 'phoneNumber', 'homePhone'],
    occupies: ['ownerOccupier', 'isOwnerOccupier', 'livesHere'],
    committee: ['committeeMember', 'isCommitteeMember', 'committee'],
  },
} as const satisfies StratamaxMapping;

type Names = readonly string[];
export interface StratamaxMapping {
  readonly keyHeader: string;
  readonly paths: { readonly sites: string; readonly lots: string };
  readonly paging: { readonly page: string; readonly size: string; readonly perPage: number; readonly firstPage: number };
  readonly envelope: { readonly list: Names; readonly total: Names; readonly next: Names };
  readonly site: Readonly<Record<'id' | 'name' | 'plan' | 'address' | 'line1' | 'city' | 'region' | 'postcode', Names>>;
  readonly lot: Readonly<Record<'id' | 'number' | 'owners' | 'ownerOccupied', Names>>;
  readonly owner: Readonly<
    Record<'roll' | 'id' | 'first' | 'last' | 'full' | 'company' | 'email' | 'mobile' | 'phone' | 'occupies' | 'committee', Names>
  >;
}
