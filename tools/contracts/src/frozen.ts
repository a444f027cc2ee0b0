import { Envelope, type EventContract, type JobContract, type Registry, type RpcContract } from '@leasewire/contracts';
import { z } from 'zod';
import { breaks, type Break, type Direction } from './compatibility.js';
import { JsonSchema, toJsonSchema } from './json-schema.js';

/**
 * What is checked in of each contract. The file is the promise: it changes only in ways that nobody who relies on it notices
 * (`compatibility.ts`); anything else is a new contract beside it.
 */
export interface Published {
  /** Below docs/contracts: `events/identity.staff.invited.v1.json`. */
  readonly path: string;
  readonly kind: 'envelope' | 'event' | 'rpc' | 'job';
  readonly name: string;
  readonly document: Readonly<Record<string, unknown>>;
}

const draft7 = 'http://json-schema.org/draft-07/schema#';

export function published(registry: Pick<Registry, 'events' | 'rpcs' | 'jobs'>): Published[] {
  const files = [envelopeFile(), ...registry.events.map(eventFile), ...registry.rpcs.map(rpcFile), ...registry.jobs.map(jobFile)];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function envelopeFile(): Published {
  const { $schema: _version, ...schema } = toJsonSchema(Envelope, 'output');
  const document = { $schema: draft7, title: 'The envelope of every event (CloudEvents 1.0)', ...schema };
  return { path: 'envelope.json', kind: 'envelope', name: 'envelope', document };
}

export function eventFile(event: EventContract): Published {
  const { $schema: _version, ...schema } = toJsonSchema(event.schema, 'output');
  return {
    path: `events/${event.type}.json`,
    kind: 'event',
    name: event.type,
    document: {
      $schema: draft7,
      title: event.type,
      description: event.describe,
      'x-view': event.view,
      ...schema,
      examples: [event.example],
    },
  };
}

export function rpcFile(rpc: RpcContract): Published {
  const { name, does, permission, describe, timeoutMs, errors } = rpc;
  const document = {
    name,
    describe,
    does,
    permission,
    timeoutMs,
    errors: [...errors].sort(),
    input: toJsonSchema(rpc.input, 'input'),
    output: toJsonSchema(rpc.output, 'output'),
  };
  return { path: `rpc/${name}.json`, kind: 'rpc', name, document };
}

export function jobFile(job: JobContract): Published {
  const { name, permission, describe } = job;
  const document = {
    name,
    describe,
    permission,
    input: toJsonSchema(job.input, 'input'),
    item: toJsonSchema(job.item, 'output'),
  };
  return { path: `jobs/${name}.json`, kind: 'job', name, document };
}

/** Which parts of a file are schemas, and who depends on them. An event file is one schema as a whole. */
const schemasOf: Readonly<Record<Published['kind'], readonly (readonly [part: string, Direction])[]>> = {
  envelope: [['', 'output']],
  event: [['', 'output']],
  rpc: [
    ['input', 'input'],
    ['output', 'output'],
  ],
  job: [
    ['input', 'input'],
    ['item', 'output'],
  ],
};

const File = z.record(z.string(), z.unknown());

/** What of `after` would break someone who relies on the file as it was. */
export function brokenBy(before: unknown, after: Published): Break[] {
  const file = File.parse(before);
  const found = schemasOf[after.kind].flatMap(([part, direction]) => {
    const was = JsonSchema.parse(part === '' ? file : file[part]);
    const is = JsonSchema.parse(part === '' ? after.document : after.document[part]);
    return breaks(was, is, direction).map(({ at, what }) => ({ at: part === '' ? at : `${part}: ${at}`, what }));
  });
  if (file['does'] === 'query' && after.document['does'] === 'command')
    found.push({ at: 'does', what: 'was a query, which callers repeat without an idempotency key, and is a command' });
  return found;
}

/** What to do instead of breaking a promise. */
export function adviceFor({ kind, name }: Pick<Published, 'kind' | 'name'>): string {
  const unreleased = `If nobody has used it yet: npm run contracts -- --refreeze ${name}`;
  if (kind === 'envelope') return `Readers of every event rely on it: only add attributes. ${unreleased}`;
  if (kind === 'event') {
    const [, base = name, version = '1'] = /^(.*)\.v(\d+)$/.exec(name) ?? [];
    return `Leave it as it was and add version ${String(Number(version) + 1)} beside it: defineEvent('${base}', ${String(Number(version) + 1)}, …); publish both until nobody reads the old one. ${unreleased}`;
  }
  return `Leave it as it was and add another ${kind} beside it, such as “${name}-2”. ${unreleased}`;
}
