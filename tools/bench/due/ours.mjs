/** Documents with `due`, as every service has them: claimed up to two seconds ahead, asked again in the transaction that settles them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@leasewire/messaging';
import { Database, dueAt, systemCause, TenantRepository, UnitOfWork } from '@leasewire/persistence';
import { Background, bootstrapService, IDS } from '@leasewire/service-kit';
import { Module } from '@nestjs/common';
import { answer, Seen } from './report.mjs';
import { beside, over, rows } from './rows.mjs';

const organizations = Array.from({ length: 10 }, () => newId('org'));
const seen = new Seen();

/** What a handler does with each, as the claimers of the services do. */
class Claiming {
  constructor(database, background) {
    this.rows = new TenantRepository(database, rows);
    this.beside = new TenantRepository(database, beside);
    const ways = {
      // a session, an API key, a hold: saved, and told
      together: {
        handle: (tx, docs) => {
          seen.begins(docs.map(({ _id }) => _id));
          this.#settles(tx, docs);
          return this.#end(tx, docs);
        },
      },
      // an account with its invitation: each loads another document, decides, saves both, tells it, and a mail goes out
      each: {
        handle: async (tx, docs) => {
          this.#settles(tx, docs);
          await Promise.all(
            docs.map(async (doc) => {
              seen.begins([doc._id]);
              const other = await this.beside.get({ orgId: doc.orgId, _id: doc._id }, { tx });
              await this.beside.save(tx, { ...other, state: 'over' });
              await this.#end(tx, [doc]);
            }),
          );
        },
      },
      // somebody else is called, who answers after 5 ms
      alone: {
        handleAlone: async ({ _id }) => {
          seen.begins([_id]);
          await sleep(5);
          seen.settles([_id]);
        },
      },
    };
    background.claimer('bench', {
      repository: this.rows,
      onGiveUp: () => Promise.resolve(),
      ...ways[process.env.BENCH_HOW],
    });
  }

  #settles(tx, docs) {
    tx.afterCommit(() => seen.settles(docs.map(({ _id }) => _id)));
  }

  async #end(tx, docs) {
    const saved = docs.map(({ due: _due, ...doc }) => ({ ...doc, state: 'over' }));
    const [one] = saved;
    const done = saved.length === 1 ? [await this.rows.save(tx, one)] : await this.rows.saveMany(tx, saved);
    for (const doc of done) tx.publish(over, { id: doc._id }, doc);
  }
}
class Claims {}
Module({
  providers: [{ provide: Claiming, inject: [Database, Background], useFactory: (...all) => new Claiming(...all) }],
})(Claims);

const service = await bootstrapService({ name: 'identity', module: Claims, collections: [rows, beside] });
const { rows: due, beside: others } = service.get(Claiming);
const [work, ids] = [service.get(UnitOfWork), service.get(IDS)];
console.log('ours is ready');

await answer(async (count, at) => {
  const each = Math.ceil(count / organizations.length);
  for (const [n, orgId] of organizations.entries())
    await work.run(systemCause('identity', orgId, ids), async (tx) => {
      const fresh = Array.from({ length: Math.min(each, count - n * each) }, () => ({
        ...{ _id: newId('job'), orgId, state: 'open' },
        text: 'x'.repeat(900),
      }));
      await due.insertMany(
        tx,
        fresh.map((doc) => ({ ...doc, due: dueAt(at) })),
      );
      if (process.env.BENCH_HOW === 'each') await others.insertMany(tx, fresh);
    });
}, seen);
