/** Which column is which. People upload what their system exports, so its headers are understood too (product.md 1.2 H). */
export type CsvField =
  | 'emailAddress'
  | 'firstName'
  | 'lastName'
  | 'name'
  | 'phoneNumber'
  | 'unitId'
  | 'building'
  | 'bedroom'
  | 'residentId'
  | 'userType'
  | 'moveIn'
  | 'moveOut'
  | 'leaseEnd'
  | 'language'
  | 'isPhoneSMSCapableAndApproved';

const synonyms: Readonly<Record<CsvField, readonly string[]>> = {
  emailAddress: [
    'emailaddress',
    'email',
    'emails',
    'mail',
    'emailaddresses',
    'primaryemail',
    'residentemail',
    'contactemail',
    'tenantemail',
  ],
  firstName: ['firstname', 'first', 'given', 'givenname', 'forename', 'residentfirstname', 'tenantfirstname'],
  lastName: ['lastname', 'last', 'surname', 'familyname', 'residentlastname', 'tenantlastname'],
  name: [
    'name',
    'fullname',
    'resident',
    'residents',
    'residentname',
    'tenant',
    'tenantname',
    'firstlast',
    'lastfirst',
    'leaseitemname',
    'occupant',
    'occupantname',
    'owner',
    'ownername',
    'contact',
    'contactname',
    'person',
  ],
  phoneNumber: [
    'phonenumber',
    'phone',
    'mobile',
    'cell',
    'mobilephone',
    'cellphone',
    'mobilenumber',
    'mobilephonenumber',
    'primaryphone',
    'primaryphonenumber',
    'telephone',
    'homephone',
    'phone1',
    'contactnumber',
    'contactphone',
    'residentphone',
  ],
  unitId: [
    'unitid',
    'unit',
    'unitname',
    'unitnumber',
    'unitno',
    'bldgunit',
    'buildingunit',
    'buildingunitbed',
    'bldgunitbed',
    'unitspace',
    'lot',
    'lotnumber',
    'lotno',
    'apartment',
    'apt',
    'aptnumber',
    'room',
    'suite',
    'address',
  ],
  building: ['building', 'bldg', 'buildingname', 'buildingnumber', 'block', 'tower'],
  bedroom: ['bedroom', 'bed', 'bedspace', 'bedroomname', 'space'],
  residentId: [
    'residentid',
    'id',
    'customerid',
    'tenantid',
    'personid',
    'upstreamid',
    'externalid',
    'residentcode',
    'tenantcode',
  ],
  userType: ['usertype', 'usertypes', 'type', 'role', 'residenttype', 'residency', 'residencytype', 'occupancytype'],
  moveIn: ['movein', 'moveindate', 'leasestart', 'startdate', 'leasefrom', 'from', 'actualmovein'],
  moveOut: ['moveout', 'moveoutdate', 'actualmoveout', 'to', 'until'],
  // of a lease that ran out: whoever stays on from month to month has not left
  leaseEnd: ['leaseend', 'leaseenddate', 'leaseto', 'leaseexpiration', 'leaseexpirationdate', 'expirationdate', 'enddate'],
  language: [
    'language',
    'locale',
    'preferredlanguage',
    'languagepreference',
    'preferredlocale',
    'spokenlanguage',
    'residentlanguage',
    'lang',
    'idioma',
    'idiomapreferido',
    'lengua',
    'langue',
    'languepreferee',
    'sprache',
  ],
  isPhoneSMSCapableAndApproved: [
    'isphonesmscapableandapproved',
    'sms',
    'smsok',
    'smsapproved',
    'smsoptin',
    'smsconsent',
    'textok',
  ],
};

export const csvFields = Object.keys(synonyms).filter((name): name is CsvField => name in synonyms);

/** "Mobile Phone #", "Unit No.", "Bldg-Unit": letters and digits count, # is "number". */
const plain = (header: string) =>
  header
    .normalize('NFKD')
    .toLowerCase()
    .replace(/#/g, '')
    .replace(/[^a-z0-9]/g, '')
    .replace(/s$/, '');

const known = new Map(csvFields.flatMap((field) => synonyms[field].map((word) => [plain(word), field] as const)));

/** Where the download of wrong rows says what is wrong with them. */
export const problemColumn = 'What is wrong';

export interface CsvColumns {
  /** Field → place. The first column of a field counts. */
  readonly at: ReadonlyMap<CsvField, number>;
  /** Field → header as written. */
  readonly named: Readonly<Record<string, string>>;
  /** Headers that nobody understood: shown, and otherwise ignored. */
  readonly ignored: readonly string[];
}

export function readColumns(headers: readonly string[]): CsvColumns {
  const at = new Map<CsvField, number>();
  const ignored: string[] = [];
  headers.forEach((header, place) => {
    const field = known.get(plain(header));
    if (field !== undefined && !at.has(field)) at.set(field, place);
    else if (header.trim() !== '' && header.trim() !== problemColumn) ignored.push(header.trim());
  });
  const named = Object.fromEntries([...at].map(([field, place]) => [field, headers[place]?.trim() ?? '']));
  return { at, named, ignored };
}

/** What is missing for the file to mean anything; null: nothing. */
export function missingColumns({ at, ignored }: CsvColumns): string | null {
  const hasName = at.has('name') || at.has('lastName') || at.has('firstName');
  const others = ignored.slice(0, 10).map((header) => `“${header.slice(0, 40)}”`);
  const seen = others.length === 0 ? '' : ` Nobody here knows ${others.join(', ')}.`;
  if (!hasName && !at.has('unitId'))
    return `The first line must name the columns, such as emailAddress, firstName, lastName, phoneNumber, unitId.${seen}`;
  if (!hasName) return `There is no column with names: call it firstName and lastName, or Name.${seen}`;
  return at.has('unitId') ? null : `There is no column with units: call it unitId, Unit or Bldg-Unit.${seen}`;
}
