import fc from 'fast-check';
import { csvTemplate, failedRows } from '../../../src/connector/csv/csv-files.rules.js';
import { readCsv, type CsvFile, type CsvProperty } from '../../../src/connector/csv/csv-people.rules.js';
import { csvCell, csvText, readCsvText } from '../../../src/connector/csv/csv-text.rules.js';

const units = [
  { upstreamId: 'u1', building: 'A', number: '101', bedrooms: [{ name: 'B' }] },
  { upstreamId: 'u2', building: null, number: '12-3', bedrooms: [] },
  { upstreamId: 'u3', building: 'B', number: '7', bedrooms: [] },
];
const property: CsvProperty = { kind: 'rental', country: 'US', today: '2026-11-24', units };
const read = (text: string, more: Partial<CsvProperty> = {}): CsvFile => {
  const file = readCsv(text, { ...property, ...more });
  if (!file.ok) throw new Error(file.message);
  return file;
};
const refusal = (text: string) => {
  const file = readCsv(text, property);
  return file.ok ? null : file.message;
};
const head = 'emailAddress,firstName,lastName,phoneNumber,unitId';
const ana = 'ana@example.com,Ana,Silva,3035550142,A-101-B';

describe('the text of a CSV file', () => {
  it.each([
    ['as RFC 4180', `${head}\r\n${ana}\r\n`],
    ['with a BOM and bare line feeds', `\uFEFF${head}\n${ana}\n`],
    ['with semicolons', `${head}\n${ana}\n`.replaceAll(',', ';')],
    ['with tabs and empty lines', `${head}\n\n${ana}\n,,,,\n`.replaceAll(',', '\t')],
    ['with a line that names the separator', `sep=;\r\n${head}\r\n${ana}`.replaceAll(',', ';')],
    ['with everything quoted', `${head}\r\n${ana}`.replace(/[^,\r\n]+/g, '"$&"')],
  ])('is read %s', (_name, text) => {
    expect(read(text).people).toMatchObject([{ person: { email: 'ana@example.com', stays: [{ unitId: 'u1', bedroom: 'B' }] } }]);
  });
  it.each([
    ['', /empty/],
    ['PK\u0003\u0004\u0000rest', /not a CSV/],
    [`${head}\n"ana,Ana`, /quotation mark/],
    ['a,b\n1,2', /must name the columns/],
    ['email,unit\nx,1', /no column with names/],
    ['name\nAna Silva', /no column with units/],
  ])('is refused in plain words: %j', (text, message) => {
    expect(refusal(text)).toMatch(message);
  });
  it('counts rows as a spreadsheet does', () => {
    expect(read(`${head}\n${ana}\n\nbad,Bo,Ek,12,B-7\n`).problems.map(({ row, column }) => [row, column])).toEqual([
      [4, 'phoneNumber'],
    ]);
  });
});

describe('headers', () => {
  it.each([
    ['Resident,Bldg-Unit,Mobile Phone #,E-mail', 'Silva, Ana'],
    ['Lease Item Name,Unit Name,Primary Phone,Email Address', 'Ana Silva'],
    ['Tenant,Unit#,Phone Number,email', 'SILVA, ANA'],
  ])('%s are understood', (headers, name) => {
    expect(read(`${headers}\n"${name}",A-101,3035550142,ana@example.com`).people).toMatchObject([
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
    expect(read(`${head},Shoe size\n${ana},42`)).toMatchObject({ ignoredColumns: ['Shoe size'], problems: [] });
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
    expect(read(`${head}\nana@example.com,Ana,Silva,,${written}`).people[0]?.person.stays).toMatchObject([place]);
  });
  it('that the property lacks is listed', () => {
    expect(read(`${head}\n,Ana,Silva,,9-204-A\n,Bo,Ek,,9-204-B`).newUnits).toMatchObject([
      { building: '9', number: '204', bedrooms: [{ name: 'A' }, { name: 'B' }] },
    ]);
  });
});

describe('what is wrong with a row', () => {
  it.each([
    ['an e-mail address with a slip', 'ana@example,Ana,Silva,,101', 'emailAddress', /not an e-mail address/],
    ['a phone number that is too short', 'a@example.com,Ana,Silva,555014,101', 'phoneNumber', /10 digits; this one has 6/],
    ['no name', 'a@example.com,,,,101', 'lastName', /name is missing/],
    ['no unit', 'a@example.com,Ana,Silva,,', 'unitId', /unit is missing/],
  ])('%s', (_name, row, column, message) => {
    const file = read(`${head}\n${row}\n${ana}`);
    expect(file.people).toHaveLength(1);
    expect(file.problems).toMatchObject([{ row: 2, column, message: expect.stringMatching(message) as string }]);
  });
  it('the same phone number as somebody else', () => {
    expect(read(`${head}\n${ana}\nbo@example.com,Bo,Ek,(303) 555-0142,B-7`).problems).toMatchObject([
      { row: 3, message: 'Row 2 has the same phone number; each may be in the file once.' },
    ]);
  });
  it('the same person twice in one unit, but not in two units', () => {
    const file = read(`${head}\n${ana}\n${ana.replace('A-101-B', 'B-7')}\n${ana}`);
    expect(file.people).toMatchObject([{ person: { stays: [{ unitId: 'u1' }, { unitId: 'u3' }] } }]);
    expect(file.problems).toMatchObject([{ row: 4, message: expect.stringMatching(/row 2/) as string }]);
  });
  it('"none" is no e-mail address and no mistake', () => {
    expect(read(`${head}\nnone@none.com,Ana,Silva,,101`)).toMatchObject({ problems: [], people: [{ person: { email: null } }] });
  });
});

describe('who is in a file', () => {
  it('is the same person in the next file, and a neighbour with the same e-mail address is another', () => {
    const ids = (text: string) => read(`${head}\n${text}`).people.map(({ person }) => person.upstreamId);
    expect(ids(ana)).toEqual(ids(ana.replace('3035550142', '3035550199').replace('A-101-B', 'B-7')));
    expect(new Set(ids(`${ana}\nana@example.com,Rui,Silva,,A-101`)).size).toBe(2);
  });
  it.each([
    ['', '', 'current'],
    ['12/15/2026', '', 'future'],
    ['2026-01-15', '12/31/2026', 'notice'],
    ['2026-01-15', '11/23/2026', 'past'],
  ])('moving in %j and out %j is %s', (moveIn, moveOut, status) => {
    expect(read(`${head},moveIn,moveOut\n${ana},${moveIn},${moveOut}`).people[0]?.person.stays).toMatchObject([{ status }]);
  });
  it.each([
    ['Owner Occupier', ['owner-occupier'], 'owner'],
    ['owner-investor; committee', ['owner-investor', 'committee'], 'owner'],
    ['Lessee', ['tenant'], 'tenant'],
    ['Board member', ['committee'], 'committee'],
  ])('of type %s', (type, userTypes, role) => {
    expect(read(`${head},Type\n${ana},${type}`, { kind: 'strata' }).people).toMatchObject([{ person: { userTypes, role } }]);
  });
});

describe('files that we write', () => {
  it.each([
    ['=cmd()', "'=cmd()"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3+cmd', "'-2+3+cmd"],
    ['+61 412 345 678', '+61 412 345 678'],
    ['a,"b"', '"a,""b"""'],
    ['\t=x', '"\'\t=x"'],
  ])('defuse %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
  it('the template comes back as the same people, and its empty units as nobody', () => {
    const person = {
      id: 'r1',
      first: '=Ana',
      last: 'Silva',
      email: 'ana@example.com',
      phone: '+13035550142',
      unit: 'A-101',
      bedroom: 'B',
      userTypes: ['resident' as const],
      moveIn: '2026-01-15',
      moveOut: null,
    };
    expect(read(csvTemplate([person], ['A-101', '12-3', 'B-7']))).toMatchObject({
      problems: [],
      people: [
        { person: { upstreamId: 'r1', name: { first: '=Ana' }, stays: [{ unitId: 'u1', bedroom: 'B', status: 'current' }] } },
      ],
    });
  });
  it('the failed rows can be corrected and uploaded again', () => {
    const text = failedRows(read(`${head}\n${ana}\nbo@example.com,Bo,Ek,12,B-7`));
    expect(text).toContain('phoneNumber: A phone number has 10 digits; this one has 2.');
    expect(read(text.replace(',12,', ',3035550143,'))).toMatchObject({
      problems: [],
      people: [{ person: { name: { last: 'Ek' } } }],
    });
    expect(failedRows(read(text)).match(/What is wrong/g)).toHaveLength(1);
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
    fc.assert(fc.property(junk, (parts) => typeof readCsv(parts.join(''), property).ok === 'boolean'));
  });
});
