/** Documents with `due`, as every service has them: claimed up to two seconds ahead, asked again in the transaction that settles them. */
import { newId } from '@leasewire/messaging';
import {
  Database,
  defineCollection,
  Due,
  dueAt,
  dueIndexes,
  systemCause,
  tenantDoc,
  TenantRepository,
  UnitOfWork,
} from '@leasewire/persistence';
import { Background, bootstrapService, IDS } from '@leasewire/service-kit';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { orgId } from '../gateway/payloads.mjs';
import { answer, Seen } from './report.mjs';

const rows = defineCollection('bench_due', tenantDoc.extend({ text: z.string(), due: Due.optional() }), {
  scope: 'org',
  indexes: [...dueIndexes],
});
const seen = new Seen();

class Claiming {
  constructor(database, work, background, ids) {
    this.rows = new TenantRepository(database, rows);
    this.work = work;
    const settle = async (docs) => {
      const named = docs.map(({ _id }) => _id);
      seen.begins(named);
      await work.run(systemCause('identity', orgId, ids), async (tx) => {
        const still = await this.rows.find({ orgId, _id: { $in: named } }, { tx });
        const due = still.filter(({ due: one }) => one !== undefined);
        await this.rows.saveMany(
          tx,
          due.map(({ due: _due, ...rest }) => rest),
        );
      });
      seen.settles(named);
    };
    background.claimer('bench', {
      repository: this.rows,
      handle: (doc) => settle([doc]),
      ...(process.env.BENCH_HOW === 'many' && { handleMany: settle }),
      onGiveUp: () => Promise.resolve(),
    });
  }
}
class Claims {}
Module({
  providers: [
    { provide: Claiming, inject: [Database, UnitOfWork, Background, IDS], useFactory: (...all) => new Claiming(...all) },
  ],
})(Claims);

const service = await bootstrapService({ name: 'identity', module: Claims, collections: [rows] });
const claiming = service.get(Claiming);
const ids = service.get(IDS);
console.log('ours is ready');

await answer(async (count, at) => {
  for (let from = 0; from < count; from += 500)
    await claiming.work.run(systemCause('identity', orgId, ids), (tx) =>
      claiming.rows.insertMany(
        tx,
        Array.from({ length: Math.min(500, count - from) }, () => ({
          _id: newId('job'),
          orgId,
          text: 'x'.repeat(900),
          due: dueAt(at),
        })),
      ),
    );
}, seen);
