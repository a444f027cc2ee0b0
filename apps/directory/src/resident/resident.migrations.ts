import type { Migration } from '@leasewire/persistence';
import { alikeKey } from '../resident-list/alike.rules.js';
import { residentDef } from './resident.repository.js';

export const residentMigrations: readonly Migration[] = [
  {
    id: '2026-11-29-resident-alike',
    describe: 'What is counted of a resident is kept as one text, which an index answers from.',
    run: (context) =>
      context.each(residentDef, { alike: { $exists: false } }, (doc) => ({
        alike: alikeKey({ ...doc, account: doc.account ?? null }),
      })),
  },
];
