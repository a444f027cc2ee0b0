import { defineJob } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueAt,
  dueIndexes,
  Jobs,
  Relay,
  tenantDoc,
  TenantRepository,
  UnitOfWork,
} from '@leasewire/persistence';
import {
  connectAs,
  eventually,
  newOrgId,
  staffActor,
  staffCall,
  startService,
  suiteDeployment,
  systemCall,
} from '@leasewire/testing';
import { Inject, Module } from '@nestjs/common';
import { z } from 'zod';
import { Background, type RunningService, type ServiceDefinition } from '../src/index.js';
import { demo, Gate, note } from './demo/demo.service.js';
import { publishUnreadable } from './demo/unreadable.js';

const chores = defineCollection('chores', tenantDoc.extend({ due: Due.optional() }), { scope: 'org', indexes: dueIndexes });
const wait = defineJob('audit.wait', {
  input: z.object({}),
  item: z.object({}),
  permission: 'residence.residence:full',
  describe: 'Waits until a test lets it go on.',
});
const gate = new Gate();

/** What the demo does not have: something that is due, and a job. */
@Module({ imports: [demo.module] })
class WatchedModule {
  readonly chores: TenantRepository<typeof chores>;

  constructor(@Inject(Database) db: Database, @Inject(Jobs) jobs: Jobs, background: Background) {
    this.chores = new TenantRepository(db, chores);
    background.claimer('chores', {
      repository: this.chores,
      handle: (tx, docs) => Promise.all(docs.map(({ due: _due, ...doc }) => this.chores.save(tx, doc))),
      onGiveUp: () => Promise.resolve(),
    });
    jobs.define(wait, {
      run: async (_tx, items) => {
        await gate.pass();
        return items.map(() => ({ state: 'done', outcome: {} }));
      },
    });
  }
}
const watched: ServiceDefinition = { ...demo, module: WatchedModule, collections: [...(demo.collections ?? []), chores] };

let service: RunningService;
beforeAll(async () => {
  service = await startService(watched);
});

/** Of the one series of this name whose labels hold these; undefined where there is none. */
async function valueOf(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const text = await (await fetch(`${service.opsUrl}/metrics`)).text();
  const series = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  const found = series.filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)));
  expect(found.length).toBeLessThan(2);
  return found[0] === undefined ? undefined : Number(found[0].split(' ').at(-1));
}
const becomes = (value: number, name: string, labels: Readonly<Record<string, string>> = {}) =>
  eventually(async () => expect(await valueOf(name, labels)).toBe(value));

describe('what alerts are made of', () => {
  it('counts an event that was set aside, and that it waits', async () => {
    const handler = { handler: 'see-notes' };
    expect(await valueOf('leasewire_dead_letters_total', handler)).toBeUndefined();
    await publishUnreadable();
    await becomes(1, 'leasewire_dead_letters_total', handler);
    await becomes(1, 'leasewire_dead_letters_waiting', handler);
    await becomes(1, 'leasewire_events_handled_seconds_count', { ...handler, outcome: 'dead-lettered' });
  });

  it('tells how long an event waits that nobody publishes', async () => {
    const { clock } = await suiteDeployment();
    const gateway = await connectAs('gateway');
    await becomes(1, 'leasewire_relay_active');
    await service.get(Relay).stop();
    expect(await valueOf('leasewire_relay_active')).toBe(0);
    await gateway.call(staffActor(), note, { text: 'unheard' });
    clock.advance({ seconds: 90 });
    expect(await valueOf('leasewire_outbox_events')).toBe(1);
    expect(await valueOf('leasewire_outbox_oldest_seconds')).toBeGreaterThanOrEqual(90);
    service.get(Relay).start();
    await becomes(0, 'leasewire_outbox_events');
    await becomes(0, 'leasewire_outbox_oldest_seconds');
    expect(await valueOf('leasewire_events_published_total', { duplicate: 'no' })).toBe(1);
  });

  it('shows a job that runs, and no longer when it is over', async () => {
    expect(await valueOf('leasewire_jobs', { state: 'running' })).toBe(0);
    await service.get(Jobs).start(staffCall(), wait, {}, [{ key: 'one' }]);
    await eventually(() => gate.waiting === 1);
    expect(await valueOf('leasewire_jobs', { state: 'running' })).toBe(1);
    gate.open();
    await becomes(0, 'leasewire_jobs', { state: 'running' });
  });

  it('says how late something due was begun', async () => {
    const { clock } = await suiteDeployment();
    const { chores: repository } = service.get(WatchedModule);
    const orgId = newOrgId();
    const due = dueAt(new Date(clock.now().getTime() - 60_000));
    await service.get(UnitOfWork).run(systemCall('audit', orgId), (tx) => repository.insert(tx, { _id: 'chore_1', orgId, due }));
    await becomes(1, 'leasewire_due_lateness_seconds_count', { queue: 'chores' });
    const seconds = (await valueOf('leasewire_due_lateness_seconds_sum', { queue: 'chores' })) ?? 0;
    expect([seconds >= 60, seconds < 120]).toEqual([true, true]);
  });
});
