import { dropsIndexes, dropUndeclared, type Migration } from '@leasewire/persistence';
import { alikeKey } from '../resident-list/alike.rules.js';
import { personDef } from '../person/person.repository.js';
import { propertyChoreDef } from '../property/property-chore.repository.js';
import { propertyDef } from '../property/property.repository.js';
import { unitDef } from '../unit/unit.repository.js';
import { residentDef } from './resident.repository.js';
import { searchOf } from './settle.rules.js';

export const residentMigrations: readonly Migration[] = [
  {
    id: '2026-11-29-resident-alike',
    describe: 'What is counted of a resident is kept as one text, which an index answers from.',
    run: (context) =>
      context.each(residentDef, { alike: { $exists: false } }, (doc) => ({
        alike: alikeKey({ ...doc, account: doc.account ?? null }),
      })),
  },
  {
    id: '2026-11-30-resident-pairs-of-words',
    describe: 'Pairs of words are kept beside the words, for searches of two and more; indexes that nothing needs any more go.',
    run: async (context) => {
      await context.each(residentDef, {}, (doc) => ({ search: searchOf(doc, doc.occupancies) }));
      await dropUndeclared(context.db, residentDef);
    },
  },
  {
    id: '2026-11-30-resident-short-words',
    describe: 'Beginnings of words are kept as well, for searches of two or three letters.',
    run: (context) => context.each(residentDef, {}, (doc) => ({ search: searchOf(doc, doc.occupancies) })),
  },
  {
    id: '2026-11-30-residents-have-persons',
    describe: 'People of files had a person id that no record had: each gets the record.',
    run: (context) =>
      context.db
        .collection(residentDef.name)
        .aggregate([
          { $group: { _id: '$personId', orgId: { $first: '$orgId' } } },
          { $set: { version: 1, createdAt: '$$NOW', updatedAt: '$$NOW', upstream: [], erasedAt: null, account: null } },
          { $merge: { into: personDef.name, on: '_id', whenMatched: 'keepExisting', whenNotMatched: 'insert' } },
        ])
        .toArray(),
  },
  dropsIndexes('2026-11-30-texts-indexed-by-value', [personDef, propertyDef, residentDef, unitDef]),
  {
    id: '2026-11-30-who-is-by-hand-has-dates',
    describe: 'The leases of files and of PMSs that were disconnected were never looked at again: all people are, once.',
    run: (context) =>
      context.db
        .collection(propertyDef.name)
        .aggregate([
          { $match: { state: 'active' } },
          { $project: { orgId: 1 } },
          { $set: { todo: ['reevaluate'], due: { at: '$$NOW', attempts: 0 } } },
          { $set: { version: 1, createdAt: '$$NOW', updatedAt: '$$NOW' } },
          { $merge: { into: propertyChoreDef.name, on: '_id', whenMatched: 'keepExisting', whenNotMatched: 'insert' } },
        ])
        .toArray(),
  },
  {
    id: '2026-12-01-whose-numbers-units-have',
    describe: 'A unit says of which PMS its number is, for properties that come to another.',
    run: (context) =>
      context.db
        .collection(unitDef.name)
        .aggregate([
          { $match: { upstreamId: { $type: 'string' }, connectionId: { $exists: false } } },
          { $lookup: { from: propertyDef.name, localField: 'propertyId', foreignField: '_id', as: 'property' } },
          { $project: { connectionId: { $ifNull: [{ $first: '$property.connectionId' }, null] } } },
          { $merge: { into: unitDef.name, on: '_id', whenMatched: 'merge', whenNotMatched: 'discard' } },
        ])
        .toArray(),
  },
];
