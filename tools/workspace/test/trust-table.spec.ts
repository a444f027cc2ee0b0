import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@leasewire/contracts';
import { services, type ServiceRow } from '@leasewire/contracts';
import { root } from './import-graph.js';

interface Handler {
  readonly durable: string;
  /** Whose events it takes; of all, where it says `@OnEveryEvent`. */
  readonly of: readonly string[] | 'all';
}

/** As the code declares them. */
function handlersOf(service: string): Handler[] {
  const decorator = /@On(Event|Events|EveryEvent)\((.*?)durable: '([\w-]+)'/gs;
  return sources(service).flatMap((text) =>
    [...text.matchAll(decorator)].map(([, kind, names = '', durable = '']) => ({
      durable,
      of: kind === 'EveryEvent' ? ('all' as const) : [...names.matchAll(/\w+/g)].map(([name]) => ownerOf(name)),
    })),
  );
}

/** As the code makes them: `rpc.call(contract, …)` and `rpc.callRaw(contract, …)`. */
const calleesOf = (service: string): string[] =>
  sources(service).flatMap((text) =>
    [...text.matchAll(/\brpc\s*\.call(?:Raw)?\(\s*(\w+)/g)].flatMap(([, name = '']) => (isContract(name) ? [ownerOf(name)] : [])),
  );

function sources(service: string): string[] {
  const folder = join(root, 'apps', service, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.map((file) => readFileSync(join(folder, file), 'utf8'));
}
const known = new Map<string, unknown>(Object.entries(contracts));
const isContract = (name: string): boolean => known.has(name);

function ownerOf(name: string): string {
  const contract = known.get(name);
  if (typeof contract === 'object' && contract !== null && 'service' in contract) return String(contract.service);
  throw new Error(`${name} is no contract of @leasewire/contracts`);
}

const rows: [string, ServiceRow][] = Object.entries(services);

describe.each(rows)('the row of %s in libs/contracts/src/services.ts', (service, row) => {
  const declared = handlersOf(service);

  it('names its handlers: no more, or it could take the events of others; no less, or the broker refuses it', () => {
    expect([...(row.handlers ?? [])].sort()).toEqual(declared.map(({ durable }) => durable).sort());
  });

  it('lets it read what they take, and nothing else', () => {
    const taken = declared.some(({ of }) => of === 'all')
      ? 'all'
      : [...new Set(declared.flatMap(({ of }) => (of === 'all' ? [] : of)))].sort();
    expect(row.reads === 'all' ? 'all' : [...row.reads].sort()).toEqual(taken);
  });

  it('lets it call whom it calls', () => {
    const callees = [...new Set(calleesOf(service))];
    if (row.calls !== 'all') expect(row.calls).toEqual(expect.arrayContaining(callees));
  });
});
