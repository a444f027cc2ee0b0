import { residentRegistered, type Unit } from '@leasewire/contracts';
import { headerOf, residentLine, unitLine } from '../../src/export/csv.rules.js';

const { resident } = residentRegistered.schema.parse(residentRegistered.example);
const unit = {
  id: 'unit_1',
  propertyId: 'prop_1',
  building: null,
  number: '=cmd',
  residents: 2,
  bedrooms: [],
} as unknown as Unit;
const cellsOf = (line: string): string[] => line.trimEnd().split(',');

it.each([
  ['a resident', 'residents' as const, residentLine({ ...resident, displayName: '=cmd' }), 'name'],
  ['a unit', 'units' as const, unitLine(unit), 'unit'],
])('%s has a cell for each column, and runs nothing in a spreadsheet', (_name, what, line, column) => {
  const columns = cellsOf(headerOf(what));
  expect(cellsOf(line)).toHaveLength(columns.length);
  expect(cellsOf(line)[columns.indexOf(column)]).toBe("'=cmd");
});
