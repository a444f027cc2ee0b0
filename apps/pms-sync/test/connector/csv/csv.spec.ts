import fc from 'fast-check';
import type { Resident } from '@leasewire/contracts';
import { decodeCsv } from '../../../src/connector/csv/csv-encoding.rules.js';
import { FailedRowsFile, templateHead, templateRows, templateUnits } from '../../../src/connector/csv/csv-files.rules.js';
import { knownPersonOf, type KnownPerson } from '../../../src/connector/csv/csv-known.rules.js';
import { type CsvReading, readCsv, type Known } from '../../../src/connector/csv/csv-people.rules.js';
import { csvText, readCsvText } from '../../../src/connector/csv/csv-text.rules.js';

const ours = (kind: string, n: number) => `${kind}_${String(n).padStart(26, '0')}`;
const units = [
  { id: ours('unit', 1), upstreamId: 'u1', building: 'A', number: '101', bedrooms: [{ upstreamId: 'b1', name: 'B' }] },
  { id: ours('unit', 2), upstreamId: 'u2', building: null, number: '12-3', bedrooms: [] },
  { id: ours('unit', 3), upstreamId: 'u3', building: 'B', number: '7', bedrooms: [] },
  { id: ours('unit', 4), upstreamId: null, building: null, number: 'Attic', bedrooms: [] },
];
const property: Known = { kind: 'rental', country: 'US', today: '2026-11-24', units, people: [] };
const read = (text: string, more: Partial<Known> = {}): CsvReading => {
  const file = readCsv(text, { ...property, ...more });
  if ('unreadable' in file) throw new Error(file.unreadable);
  return file;
};
const refusal = (text: string) => {
  const file = readCsv(text, property);
  return 'unreadable' in file ? file.unreadable : null;
};
const peopleOf = (text: string, more: Partial<Known> = {}) => [...read(text, more).people.values()];
const head = 'emailAddress,firstName,lastName,phoneNumber,unitId';
const ana = 'ana@example.com,Ana,Silva,3035550142,A-101-B';

describe('the bytes of a file', () => {
  const text = 'Name,Unit\r\nJosé Núñez,A-101\r\n';
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['UTF-16', Buffer.from(text, 'utf16le').swap16()],
    ['Windows-1252', Buffer.from(text, 'latin1')],
  ])('are understood as %s', (encoding, bytes) => {
    const decoded = decodeCsv(bytes);
    expect(decoded.encoding).toBe(encoding);
    expect(peopleOf(decoded.text)).toMatchObject([{ person: { name: { first: 'José', last: 'Núñez' } } }]);
  });
  it('are decoded whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => typeof decodeCsv(Buffer.from(bytes)).text === 'string'));
  });
});

describe('the text of a CSV file', () => {
  it.each([
    ['as RFC 4180', `${head}\r\n${ana}\r\n`],
    ['with a BOM and bare line feeds', `\uFEFF${head}\n${ana}\n`],
    ['with semicolons', `${head}\n${ana}\n`.replaceAll(',', ';')],
    ['with tabs and empty lines', `${head}\n\n${ana}\n,,,,\n`.replaceAll(',', '\t')],
    ['with a line that names the separator', `sep=;\r\n${head}\r\n${ana}`.replaceAll(',', ';')],
    ['with everything quoted', `${head}\r\n${ana}`.replace(/[^,\r\n]+/g, '"$&"')],
  ])('is read %s', (_name, text) => {
    expect(peopleOf(text)).toMatchObject([{ person: { email: 'ana@example.com', stays: [{ unitId: 'u1', bedroom: 'B' }] } }]);
  });
  it.each([
    ['', /empty/],
    ['PK\u0003\u0004\u0000rest', /not a CSV/],
    [`${head}\n"ana,Ana`, /quotation mark/],
    ['a,b\n1,2', /must name the columns/],
    ['email,unit\nx,1', /no column with names/],
    ['name\nAna Silva', /no column with units/],
    ['Bewohner,Wohnung\nAna,1', /Nobody here knows “Bewohner”, “Wohnung”/],
    ['<html><table><tr><td>', /not a CSV/],
    [Array.from({ length: 101 }, (_, n) => `c${n}`).join(','), /101 columns; 100 are taken/],
    [`${head}\n${'"a'.repeat(300_000)}`, /quotation mark/],
  ])('is refused in plain words: %j', (text, message) => {
    expect(refusal(text)).toMatch(message);
  });
  it('counts rows as a spreadsheet does', () => {
    expect(read(`${head}\n${ana}\n\nbad@x,Bo,Ek,,B-7\n`).problems.map(({ row, column }) => [row, column])).toEqual([
      [4, 'emailAddress'],
    ]);
  });
});

describe('headers', () => {
  it.each([
    ['Resident,Bldg-Unit,Mobile Phone #,E-mail', 'Silva, Ana'],
    ['Lease Item Name,Unit Name,Primary Phone,Email Address', 'Ana Silva'],
    ['Tenant,Unit#,Phone Number,email', 'SILVA, ANA'],
  ])('%s are understood', (headers, name) => {
    expect(peopleOf(`${headers}\n"${name}",A-101,3035550142,ana@example.com`)).toMatchObject([
      {
        person: {
          name: { first: 'Ana', last: 'Silva', raw: name },
          phones: [{ e164: '+13035550142' }],
          stays: [{ unitId: 'u1' }],
        },
      },
    ]);
  });
  it('that nobody understands are told and ignored', () => {
    expect(read(`${head},Shoe size\n${ana},42`)).toMatchObject({ columns: { ignored: ['Shoe size'] }, failed: [] });
  });
});

describe('a unit', () => {
  it.each([
    ['A-101-B', { unitId: 'u1', bedroom: 'B' }],
    ['a - 101', { unitId: 'u1', bedroom: null }],
    ['101', { unitId: 'u1' }],
    ['Unit 101', { unitId: 'u1' }],
    ['12-3', { unitId: 'u2', bedroom: null }],
    ['12-3-C', { unitId: 'u2', bedroom: 'C' }],
    ['9-204-A', { unitId: '9-204', unitName: '9-204', bedroom: 'A' }],
  ])('written %s', (written, place) => {
    expect(peopleOf(`${head}\nana@example.com,Ana,Silva,,${written}`)[0]?.person.stays).toMatchObject([place]);
  });
  it('that the property lacks is listed, also without people; so is a bedroom that a unit lacks', () => {
    const file = read(`${head}\n,Ana,Silva,,9-204-A\n,Bo,Ek,,9-204-B\n,,,,C-1\n,,,,B-7\n,Cy,Fox,,A-101-C\n,Di,Gee,,Attic`);
    expect(file.newUnits).toBe(2);
    expect(file.units).toEqual([
      {
        upstreamId: '9-204',
        building: '9',
        number: '204',
        bedrooms: [
          { upstreamId: '9-204-A', name: 'A' },
          { upstreamId: '9-204-B', name: 'B' },
        ],
      },
      { upstreamId: 'C-1', building: 'C', number: '1', bedrooms: [] },
      {
        upstreamId: 'u1',
        building: 'A',
        number: '101',
        bedrooms: [
          { upstreamId: 'b1', name: 'B' },
          { upstreamId: 'u1-C', name: 'C' },
        ],
      },
    ]);
  });
  it('of the name that another one had before gets an id of its own', () => {
    const renamed = [{ ...units[2]!, upstreamId: '301', number: '300' }];
    expect(peopleOf(`${head}\n,Ana,Silva,,301`, { units: renamed })[0]?.person.stays).toMatchObject([{ unitId: "301'" }]);
  });
});

describe('what is wrong with a row', () => {
  it.each([
    ['an e-mail address with a slip', 'ana@example,Ana,Silva,,101', 'emailAddress', /not an e-mail address/],
    ['no name', 'a@example.com,,,,101', 'lastName', /name is missing/],
    ['no unit', 'a@example.com,Ana,Silva,,', 'unitId', /unit is missing/],
    ['a cell as long as a book', `a@example.com,Ana,${'x'.repeat(5000)},,101`, 'lastName', /1000 characters at most/],
  ])('%s', (_name, row, column, message) => {
    const file = read(`${head}\n${row}\n${ana}`);
    expect(file.people.size).toBe(1);
    expect(file.problems).toMatchObject([{ row: 2, column, message: expect.stringMatching(message) as string }]);
  });
  it('the same person twice in one unit, but not in two units', () => {
    const file = read(`${head}\n${ana}\n${ana.replace('A-101-B', 'B-7')}\n${ana}`);
    expect([...file.people.values()]).toMatchObject([{ person: { stays: [{ unitId: 'u1' }, { unitId: 'u3' }] } }]);
    expect(file.problems).toMatchObject([{ row: 4, message: expect.stringMatching(/row 2/) as string }]);
  });
  it('"none" is no e-mail address and no mistake', () => {
    expect(peopleOf(`${head}\nnone@none.com,Ana,Silva,,101`)).toMatchObject([{ person: { email: null } }]);
  });
  it('an id of ours that nobody here has: the file is of another property', () => {
    const file = read(`${head},residentId\n${ana},${ours('res', 9)}`);
    expect(file.problems).toMatchObject([
      { row: 2, column: 'residentId', message: expect.stringMatching(/another one/) as string },
    ]);
  });
});

describe('a phone number', () => {
  it.each([
    ['is too short', '555014', /10 digits; this one has 6/],
    ['is a filler', '0000000000', /not a phone number/],
  ])('that %s is kept as it was written, and keeps nobody out', (_name, raw, message) => {
    const file = read(`${head}\nana@example.com,Ana,Silva,${raw},101`);
    expect(file).toMatchObject({
      failed: [],
      warnings: [{ row: 2, column: 'phoneNumber', value: raw, message: expect.stringMatching(message) as string }],
    });
    expect([...file.people.values()]).toMatchObject([{ person: { phones: [{ e164: null, raw }] } }]);
  });
  it('that two rows share is of both', () => {
    const file = read(`${head}\n${ana}\nbo@example.com,Bo,Ek,(303) 555-0142,B-7`);
    expect([...file.people.values()].map(({ person }) => person.phones[0]?.e164)).toEqual(['+13035550142', '+13035550142']);
    expect(file).toMatchObject({
      failed: [],
      warnings: [{ row: 3, message: expect.stringMatching(/^Row 2 has the same phone number/) as string }],
    });
  });
  it('that cannot be read comes back from the template as it was', () => {
    const raw = 'ask at 12';
    const people = [{ ...known[1]!, phones: [{ e164: null, raw, kind: 'home' as const }, ...known[0]!.phones] }];
    expect(peopleOf(`${head}\n,Bo,Ek,${raw},Attic`, { people })[0]?.person.phones).toEqual(people[0]!.phones);
  });
});

describe('who is in a file', () => {
  it('is the same person in the next file, and a neighbour with the same e-mail address is another', () => {
    const ids = (text: string) => [...read(`${head}\n${text}`).people.keys()];
    expect(ids(ana)).toEqual(ids(ana.replace('3035550142', '3035550199').replace('A-101-B', 'B-7')));
    expect(new Set(ids(`${ana}\nana@example.com,Rui,Silva,,A-101`)).size).toBe(2);
  });
  it.each([
    ['', '', 'current'],
    ['12/15/2026', '', 'future'],
    ['2026-01-15', '12/31/2026', 'notice'],
    ['2026-01-15', '11/23/2026', 'past'],
  ])('moving in %j and out %j is %s', (moveIn, moveOut, status) => {
    expect(peopleOf(`${head},moveIn,moveOut\n${ana},${moveIn},${moveOut}`)[0]?.person.stays).toMatchObject([{ status }]);
  });
  it.each(['Lease End', 'Lease To', 'Lease Expiration', 'Expiration Date', 'End Date'])(
    'stays on from month to month when the lease is over: %s is no move-out',
    (column) => {
      const [rolled] = peopleOf(`${head},Lease Start,${column}\n${ana},2025-01-01,12/31/2025`);
      expect(rolled?.person.stays).toMatchObject([
        { status: 'current', moveIn: '2025-01-01', moveOut: null, leaseEnd: '2025-12-31' },
      ]);
    },
  );
  it.each([
    ['Owner Occupier', ['owner-occupier'], 'owner'],
    ['owner-investor; committee', ['owner-investor', 'committee'], 'owner'],
    ['Lessee', ['tenant'], 'tenant'],
    ['Board member', ['committee'], 'committee'],
  ])('of type %s', (type, userTypes, role) => {
    expect(peopleOf(`${head},Type\n${ana},${type}`, { kind: 'strata' })).toMatchObject([{ person: { userTypes, role } }]);
  });
  it('of the committee needs no unit; who owns one lot and rents another is both', () => {
    expect(peopleOf(`${head},Type\n,Ana,Silva,,,Committee`, { kind: 'strata' })).toMatchObject([{ person: { stays: [] } }]);
    const both = `${head},Type\n${ana},Tenant\n${ana.replace('A-101-B', 'B-7')},Owner`;
    expect(peopleOf(both, { kind: 'strata' })).toMatchObject([
      { person: { userTypes: ['tenant', 'owner-investor'], role: 'owner' } },
    ]);
  });
  it('without a phone that takes messages has another kind of phone', () => {
    const kinds = ['TRUE', 'no', ''].map((flag) => peopleOf(`${head},SMS\n${ana},${flag}`)[0]?.person.phones[0]?.kind);
    expect(kinds).toEqual(['mobile', 'other', 'mobile']);
    expect(read(`${head},SMS\n${ana},perhaps`).problems).toMatchObject([{ column: 'SMS', message: 'Write TRUE or FALSE.' }]);
  });
});

const at = '2026-11-01T00:00:00.000Z';
const living = (unit: number, label: string, more: object = {}) => ({
  ...{ id: ours('occ', unit), unitId: ours('unit', unit), unit: label, bedroom: null, leaseId: null, status: 'current' },
  ...{ from: null, until: null, leaseEnd: null, endedAt: null },
  ...more,
});
/** Ana came with an earlier file, Bo was added by hand. */
const residents = [
  {
    id: ours('res', 1),
    upstreamId: 'csv-1',
    name: { first: '=Ana', last: 'Silva', preferred: 'Anni', raw: 'SILVA, =ANA (Anni)' },
    email: 'ana@example.com',
    phones: [
      { e164: '+13035550142', raw: '303.555.0142', kind: 'mobile' },
      { e164: '+13035550199', raw: 'work 303 555 0199', kind: 'work' },
    ],
    userTypes: ['resident'],
    language: 'es',
    sources: {},
    role: 'primary',
    occupancies: [
      living(1, 'A-101', { bedroom: 'B', from: '2026-01-15' }),
      living(3, 'B-7'),
      living(2, '12-3', { endedAt: at, status: 'past' }),
    ],
  },
  {
    id: ours('res', 2),
    upstreamId: null,
    name: { first: 'Bo', last: 'Ek', raw: 'Bo Ek' },
    email: null,
    phones: [],
    userTypes: ['resident'],
    language: 'fr-CA',
    sources: { language: 'pms' },
    role: null,
    occupancies: [living(4, 'Attic', { until: '2026-12-31' })],
  },
] as unknown as Resident[];
const known: KnownPerson[] = residents.map(knownPersonOf);

describe('whom the property has already', () => {
  it.each([
    [
      'by the id of the template, whatever else is corrected',
      `${head},residentId\nnew@example.com,Anna,Sylva,,12-3,csv-1`,
      'csv-1',
    ],
    ['by name and e-mail address', `${head}\nana@example.com,=ana,SILVA,,12-3`, 'csv-1'],
    ['by name and phone number', `${head}\nnew@example.com,=Ana,Silva,(303) 555-0199,12-3`, 'csv-1'],
    ['by name and unit', `${head}\nnew@example.com,=Ana,Silva,,B-7`, 'csv-1'],
    ['also who was added by hand', `${head}\nbo@example.com,Bö,Ek,,Attic`, ours('res', 2)],
  ])('is found %s', (_name, text, id) => {
    const file = read(text, { people: known });
    expect([...file.people.values()]).toMatchObject([{ isKnown: true, person: { upstreamId: id } }]);
    expect(file.missing.map((person) => person.id)).toEqual(known.map((person) => person.id).filter((one) => one !== id));
  });
  it.each([
    ['of an e-mail address alone', `${head}\nana@example.com,Rui,Silva,,A-101`],
    ['of a name alone', `${head}\n,=Ana,Silva,,12-3`],
    ['where it might be two', `${head}\n,Bo,Ek,,Attic`],
  ])('is not believed to be found because %s', (_name, text) => {
    const people = [...known, { ...known[1]!, id: 'csv-2' }];
    expect(peopleOf(text, { people })).toMatchObject([{ isKnown: false }]);
  });
  it('keeps what a file has no column for', () => {
    const { person } = peopleOf('Name,Unit\nBo Ek,Attic\n=Ana Silva,A-101', { people: known })[0]!;
    expect(person).toMatchObject({ stays: [{ moveOut: '2026-12-31', status: 'notice' }] });
    const anas = peopleOf('Name,Unit\n=Ana Silva,A-101', { people: known })[0]!.person;
    expect(anas).toMatchObject({ email: 'ana@example.com', phones: [{}, {}], stays: [{ bedroom: 'B', moveIn: '2026-01-15' }] });
  });
  it.each([
    ['Language', 'Spanish', 'es'],
    ['Locale', 'es_mx', 'es-MX'],
    ['Preferred Language', 'Español (México)', 'es'],
    ['Idioma', 'francés', 'fr'],
    ['Langue', 'spa', 'es'],
    ['language', 'Français', 'fr'],
    ['language', 'zh-Hant-TW', 'zh-TW'],
    ['language', '', undefined],
    ['language', 'n/a', undefined],
  ])('reads %s: %s', (column, cell, language) => {
    expect(peopleOf(`${head},${column}\n${ana},${cell}`)[0]?.person.language).toBe(language);
  });
  it('does not take anything for a language', () => {
    for (const cell of ['Klingonese', 'xx', 'yes please'])
      expect(read(`${head},language\n${ana},${cell}`).problems).toMatchObject([
        { row: 2, column: 'language', message: 'Write a language such as Spanish, or its code, such as es.' },
      ]);
  });
  it('has the language of the first row that says one; an emptied cell takes it back, no column says nothing', () => {
    expect(peopleOf(`${head},language\n${ana},\n${ana.replace('A-101-B', 'B-7')},fr`)[0]?.person.language).toBe('fr');
    const people = [{ ...known[1]!, language: 'fr-CA' }];
    expect(peopleOf(`${head},language\n,Bo,Ek,,Attic,`, { people })[0]?.person.language).toBeNull();
    expect(peopleOf(`${head}\n,Bo,Ek,,Attic`, { people })[0]?.person).not.toHaveProperty('language');
  });
  it('loses what a cell was emptied of', () => {
    expect(
      peopleOf(`${head}\n,Bo,Ek,,Attic`, { people: [{ ...known[1]!, email: 'bo@example.com' }] })[0]?.person.email,
    ).toBeNull();
  });
  it('is not missing because of a row that is wrong; a row that names nobody may be about anybody', () => {
    const wrong = read(`${head}\nana@example.com,=Ana,Silva,,\n,Bo,Ek,,`, { people: known });
    expect([wrong.missing, wrong.unclear, wrong.failed.length]).toEqual([[], 0, 2]);
    expect(read(`${head}\n,,,12,A-101`, { people: known }).unclear).toBe(1);
  });
  it('with the same number as another who is known is no mistake', () => {
    const people = known.map((person) => ({ ...person, phones: known[0]!.phones }));
    const rows = `ana@example.com,=Ana,Silva,3035550142,A-101\n,Bo,Ek,3035550142,Attic\n,Cy,Fox,3035550142,B-7`;
    expect(read(`${head}\n${rows}`, { people })).toMatchObject({ problems: [], warnings: [{ row: 4 }] });
  });
});

describe('files that we write', () => {
  it('the template comes back as the same people, and its empty units as nobody', () => {
    const file = read(templateHead() + templateRows(residents) + templateUnits(['B-7', '12-3']), { people: known });
    expect(file.problems).toEqual([]);
    expect([file.missing, file.units]).toEqual([[], []]);
    expect(file.people.get('csv-1')?.person).toMatchObject({
      name: { first: '=Ana', last: 'Silva', preferred: 'Anni', raw: 'SILVA, =ANA (Anni)' },
      email: 'ana@example.com',
      phones: [{ raw: '303.555.0142' }, { kind: 'work' }],
      role: 'primary',
      stays: [{ unitId: 'u1', bedroom: 'B', moveIn: '2026-01-15', status: 'current' }, { unitId: 'u3' }],
    });
    expect([...file.people.keys()]).toEqual(['csv-1', ours('res', 2)]);
    expect([...file.people.values()].map(({ person }) => person.language)).toEqual([undefined, 'fr-CA']);
  });
  it('the failed rows can be corrected and uploaded again', () => {
    const failedRows = (text: string) => {
      const { headers, failed } = read(text);
      const file = new FailedRowsFile(headers);
      return file.head() + file.rows(failed);
    };
    const text = failedRows(`${head}\n${ana}\nbo@example,=Bo,Ek,,B-7`);
    expect(text).toContain('emailAddress: “bo@example” is not an e-mail address.');
    expect(text).toContain("'=Bo");
    const corrected = read(text.replace('bo@example', 'bo@example.com'));
    expect(corrected).toMatchObject({ failed: [], columns: { ignored: [] } });
    expect([...corrected.people.values()]).toMatchObject([{ person: { name: { first: '=Bo', last: 'Ek' } } }]);
    expect(failedRows(text).match(/What is wrong/g)).toHaveLength(1);
  });
  it('say back what they were given', () => {
    const cells = fc.array(
      fc.array(
        fc.string({ maxLength: 8 }).map((text) => text.trim()),
        { minLength: 2, maxLength: 2 },
      ),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(cells, (rows) => {
        const written = readCsvText(csvText([['a', 'b'], ...rows.filter((row) => row.some((cell) => cell !== ''))]));
        return !written.ok || written.headers.length === 2;
      }),
    );
  });
  it('nothing that is uploaded makes reading throw', () => {
    const junk = fc.array(fc.oneof(fc.string(), fc.constantFrom(',', '"', '\n', ';', head, ana, '\u0000')), { maxLength: 20 });
    fc.assert(fc.property(junk, (parts) => typeof readCsv(parts.join(''), property) === 'object'));
  });
});
