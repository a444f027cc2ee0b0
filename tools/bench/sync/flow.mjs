// A sweep as pms-sync does it, without the database and directory behind it: connector, door to the vendor and the flow of people, with what
// was remembered of everybody in memory. A line of standard input is one round; the answer is its CPU time and the most memory it had.
import { createInterface } from 'node:readline';
import { newId, silentLog, systemClock } from '@leasewire/messaging';

const { url, subdomain, apiKey, propertyId, pastFrom } = JSON.parse(process.env.BENCH_VENDOR);
const load = (file) => import(`../../../apps/pms-sync/dist/${file}`);
const { connectorOf } = await load('connector/connectors.js');
const { MemoryRateLedger } = await load('connector/rate-limit/memory-rate-ledger.js');
const { createVendorHttp } = await load('connector/vendor-http.js');
const { PeopleFlow } = await load('run/people-flow.js');
const { defaultPolicies } = await load('connection/policy.rules.js');
const { traitsOf } = await load('run/record.rules.js');
const { fingerprintOf } = await load('run/fingerprint.rules.js');
const { KnownPeople } = await load('run/known-people.js');

const run = { orgId: newId('org'), propertyId: newId('prop'), runId: newId('run'), attempt: 1, fetchedAt: new Date() };
const policy = defaultPolicies.rental;
const basis = { basis: 'b', again: [], livingHere: 0 };
const http = createVendorHttp({
  lane: 'bench',
  ledger: new MemoryRateLedger(),
  policy: { allowedHosts: ['127.0.0.1'] },
  clock: systemClock,
  log: silentLog,
});
const connector = connectorOf('entrata').open({
  settings: { subdomain, baseUrl: `${url}/ext/orgs` },
  credentials: { apiKey },
  http,
  clock: systemClock,
  log: silentLog,
});
const asked = { upstreamId: propertyId, kind: 'rental', timeZone: 'America/Denver', country: 'US', currency: 'USD', pastFrom };

/** As they lie in the database: so that what is remembered does not count as what a sweep holds. */
const records = new Map();
const stored = {
  async *readBy(_orgId, _propertyId, reading) {
    let some = [];
    for (const text of records.values()) {
      const record = JSON.parse(text);
      if (record.row?.reading !== reading || some.push(record) < 500) continue;
      yield some;
      some = [];
    }
    yield some;
  },
};
const keeper = {
  didBefore: () => false,
  recordsOf: async (ids) => new Map(ids.flatMap((id) => (records.has(id) ? [[id, JSON.parse(records.get(id))]] : []))),
  async *knownWithout(seen, size) {
    const ids = [...records.keys()].filter((id) => !seen.has(id));
    for (let at = 0; at < ids.length; at += size) yield ids.slice(at, at + size);
  },
  intend: async () => undefined,
  told: async (told) => {
    for (const { person, skipped, row } of told) {
      const { upstreamId, name } = person;
      const about = { upstreamId, name: name.raw, hash: fingerprintOf(person), skipped, residentId: 'res_', unit: null };
      records.set(upstreamId, JSON.stringify({ ...about, traits: traitsOf(person), row: row ?? null }));
    }
  },
  readBy: async () => undefined,
  outcomes: async () => undefined,
  fault: async () => undefined,
};
const outcomeOf = ({ upstreamId, name }) => ({
  ...{ upstreamId, residentId: 'res_', name: name.raw, unit: null },
  ...{ outcome: 'synced', decision: 'register' },
});
const directory = {
  plan: async () => ({ livingHere: 0, outcomes: [] }),
  apply: async (_run, { present = [] }) => ({ livingHere: 0, outcomes: present.map(outcomeOf) }),
};
const brake = { judge: async () => ({ go: [], held: [], asks: false }) };

/** `seen`: called when all rows have come and nobody is given out yet; then it holds the most. */
async function sweep(seen) {
  await connector.fetchUnits(asked);
  const known = new KnownPeople(run, stored, policy, basis);
  const wanted = { people: null, units: null };
  const flow = new PeopleFlow(
    { run, scope: 'sweep', policy, kept: [], basis, wanted, check: async () => undefined },
    directory,
    brake,
    keeper,
  );
  for await (const page of connector.fetchPeople(asked, { known })) {
    seen?.();
    seen = undefined;
    await flow.page(page);
  }
  return (await flow.finish()).counts;
}

await sweep();
console.log(`flow is ready`);
for await (const _line of createInterface({ input: process.stdin })) {
  global.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  let heldMb = 0;
  const began = process.cpuUsage();
  let cleaning = 0;
  const counts = await sweep(() => {
    const before = process.cpuUsage();
    global.gc?.();
    heldMb = (process.memoryUsage().heapUsed - heapBefore) / 1e6;
    const { user, system } = process.cpuUsage(before);
    cleaning = user + system;
  });
  const { user, system } = process.cpuUsage(began);
  const figures = { cpuMs: (user + system - cleaning) / 1000, counts, heldMb };
  console.log(`round ${JSON.stringify(figures)}`);
}
