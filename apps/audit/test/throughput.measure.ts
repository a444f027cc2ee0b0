import { newWorld, Organization } from './audit.world.js';
import { Batches } from '../src/record/batches.js';
import type { Fact, OrgId } from '@leasewire/contracts';
import { silentLog } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import { freshDatabaseName, mongoUri, onCleanUp } from '@leasewire/testing';

/**
 * Not part of the tests. The figures of decision 005:
 *   npx jest --testMatch '**\/throughput.measure.ts' --verbose=false
 */
const count = Number(process.env['EVENTS'] ?? 20_000);
jest.setTimeout(600_000);

const rate = (n: number, since: number): string => `${Math.round(n / ((performance.now() - since) / 1000))}/s`;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** As the subscriber does: 512 wait for their commit, batches of at most 200. */
async function deliver(record: (orgId: OrgId, facts: readonly Fact[]) => Promise<void>, facts: readonly Fact[]): Promise<void> {
  const batches = new Batches<OrgId, Fact>({
    most: 200,
    parallel: 8,
    work: record,
    isBlameable: () => false,
    longestMs: 60_000,
    overdue: () => new Error('overdue'),
  });
  let next = 0;
  const one = async (): Promise<void> => {
    for (let fact = facts[next++]; fact; fact = facts[next++]) await batches.submit(fact.orgId, fact);
  };
  await Promise.all(Array.from({ length: 512 }, one));
}

it('records and verifies', async () => {
  const db = await Database.connect(await mongoUri(), freshDatabaseName(), silentLog);
  onCleanUp(() => db.close());
  const world = await newWorld({ db });
  const record = world.recorder.record.bind(world.recorder);
  const facts = (org: Organization, n: number) =>
    Array.from({ length: n }, (_, at) =>
      org.staffChanged(at, { who: `stf_${String(at % 200).padStart(26, '0')}`, name: `Person ${at % 200}` }),
    );
  await deliver(record, facts(new Organization(), 2000));

  const org = new Organization();
  const all = facts(org, count);
  const cpu = process.cpuUsage();
  let since = performance.now();
  await deliver(record, all);
  say(`one replica, one organization: ${rate(count, since)}, cpu ${Math.round(process.cpuUsage(cpu).user / count)} µs an event`);

  const [one, two] = [world, await newWorld({ beside: world })];
  const shared = facts(new Organization(), count / 2);
  since = performance.now();
  await Promise.all(
    [one, two].map(({ recorder }, at) =>
      deliver(
        recorder.record.bind(recorder),
        shared.filter((_fact, n) => n % 2 === at),
      ),
    ),
  );
  say(`two replicas (one process), one organization: ${rate(count / 2, since)}`);

  const orgs = Array.from({ length: 100 }, () => new Organization());
  const spread = Array.from({ length: count / 4 }, (_, n) => orgs[n % 100]!.staffChanged(n));
  since = performance.now();
  await deliver(record, spread);
  say(`one replica, a hundred organizations: ${rate(count / 4, since)}`);

  since = performance.now();
  const alone = org.staffChanges(100);
  for (const fact of alone) await record(org.orgId, [fact]);
  say(`one event at a time: ${((performance.now() - since) / 100).toFixed(1)} ms each`);

  since = performance.now();
  const found = await world.verify(org.orgId);
  say(`verified ${found.entries} entries in ${found.tookMs} ms: ${rate(found.entries, since)}, intact ${String(found.intact)}`);
});
