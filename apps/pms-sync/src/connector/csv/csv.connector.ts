import { z } from 'zod';
import type { Connector, ConnectorDefinition } from '../connector.js';
import { allWell } from '../diagnosis.rules.js';
import { VendorError } from '../vendor-error.js';

/** Nothing is fetched: people upload files (csv-people.rules.ts reads them). It is here so that a file is a source like any other. */
const uploads: Connector = {
  test: () => Promise.resolve(allWell('Upload a file whenever you like.')),
  listProperties: () => Promise.resolve([]),
  fetchUnits: () => Promise.reject(nothingToFetch()),
  fetchPeople: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(nothingToFetch()) }) }),
};

const nothingToFetch = () => new VendorError('refused', 'Files are uploaded, not fetched. Upload a new one.');

export const csv: ConnectorDefinition = {
  name: 'csv',
  label: 'CSV files',
  kind: 'both',
  verified: true,
  settings: z.object({}),
  credentials: z.object({}),
  fields: [],
  capabilities: { deltas: false, targeted: { residents: false, units: false }, balances: false, webhook: false },
  address: () => null,
  open: () => uploads,
};
