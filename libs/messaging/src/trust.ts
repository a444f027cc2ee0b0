import {
  deadLetterStreamOf,
  durableOf,
  services as ourServices,
  streamOf,
  type OrgId,
  type ServiceRow,
} from '@leasewire/contracts';
import { inboxPrefixOf } from './connection.js';

type Table = Readonly<Record<string, ServiceRow>>;

export interface OutsideSubscriber {
  /** kebab-case; its durable on each stream is `subscriber__<name>`, its inbox `_INBOX.subscriber-<name>`. */
  readonly name: string;
  readonly publicKey: string;
  /** It sees the events of this organization and nothing else. */
  readonly orgId: OrgId;
}

export interface NatsConfig {
  readonly services?: Table;
  /** Public nkeys (`U…`) by service. */
  readonly keys: Readonly<Record<string, string>>;
  readonly host?: string;
  readonly port: number;
  readonly storeDir: string;
  readonly maxFileStoreBytes?: number;
  readonly monitorPort?: number;
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly caFile?: string };
  readonly subscribers?: readonly OutsideSubscriber[];
  /** May do everything: for the nats command line, never for a service. */
  readonly operatorKey?: string;
  /** Streams are made beforehand by the operator; services may then neither create nor change them. */
  readonly streamsProvisioned?: boolean;
}

/**
 * The configuration of nats-server for development and compose, and the model for a cluster's: one nkey per service, and
 * what each may do, derived from the table of services. Power-safe: without `sync_interval: always` acknowledged messages
 * are lost on a power cut (research/perf-reliability 1.3).
 */
export function natsConfig(about: NatsConfig): string {
  const table: Table = about.services ?? ourServices;
  const users = [
    ...Object.entries(table).map(([name, row]) => ({
      nkey: keyOf(about, name),
      permissions: permissionsOf(name, row, table, about),
    })),
    ...(about.subscribers ?? []).map((subscriber) => ({
      nkey: subscriber.publicKey,
      permissions: subscriberPermissions(subscriber, table),
    })),
    ...(about.operatorKey === undefined ? [] : [{ nkey: about.operatorKey }]),
  ];
  const config = {
    listen: `${about.host ?? '127.0.0.1'}:${about.port}`,
    ...(about.monitorPort !== undefined && { http: `127.0.0.1:${about.monitorPort}` }),
    jetstream: {
      store_dir: about.storeDir,
      sync_interval: 'always',
      ...(about.maxFileStoreBytes !== undefined && { max_file_store: about.maxFileStoreBytes }),
    },
    ...(about.tls && {
      tls: {
        cert_file: about.tls.certFile,
        key_file: about.tls.keyFile,
        ...(about.tls.caFile !== undefined && { ca_file: about.tls.caFile }),
      },
    }),
    authorization: { users },
  };
  return `${JSON.stringify(config, null, 2)}\n`; // nats-server reads JSON as its own format
}

interface Permissions {
  readonly publish: { readonly allow: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
  readonly allow_responses?: { readonly max: number; readonly expires: string };
}

function permissionsOf(name: string, row: ServiceRow, table: Table, about: NatsConfig): Permissions {
  const owners = Object.keys(table).filter((other) => table[other]?.owns);
  const callees = row.calls === 'all' ? Object.keys(table).filter((other) => other !== name) : row.calls;
  const read = row.reads === 'all' ? owners : row.reads;
  return {
    publish: {
      allow: [
        '$JS.API.INFO',
        ...callees.map((callee) => `rpc.${callee}.>`),
        // whose events it may read, it may also read as they are: that is how a read model begins
        ...read.filter((owner) => !callees.includes(owner)).map((owner) => `rpc.${owner}.snapshot`),
        ...(row.watchesDeadLetters
          ? owners.filter((owner) => !callees.includes(owner)).map((owner) => `rpc.${owner}.list-dead-letters`)
          : []),
        ...['wake', 'beat', 'sync'].map((root) => `${root}.${name}`),
        ...(row.owns ? ownStreams(name, about) : []),
        ...read.flatMap((stream) => durablesOf(name, row).flatMap((durable) => consume(streamOf(stream), durable))),
        ...(row.tails
          ? owners.flatMap((owner) => [`$JS.API.STREAM.INFO.${streamOf(owner)}`, `$JS.API.DIRECT.GET.${streamOf(owner)}`])
          : []),
      ],
    },
    subscribe: {
      allow: [
        `${inboxPrefixOf(name)}.>`,
        `rpc.${name}.> ${name}`, // only as a member of the queue group: no listening in
        `wake.${name}`,
        `sync.${name}`,
        ...(row.tails ? ['evt.>', 'beat.*'] : []),
      ],
    },
    // A responder may answer whoever asked it: once, and before that by a sign of life each half second (signs-of-life.ts).
    allow_responses: { max: 250, expires: '2m' },
  };
}

/** Its events and its dead letters: written, kept and, of dead letters, read and removed by nobody else. */
function ownStreams(name: string, { streamsProvisioned = false }: NatsConfig): string[] {
  const events = streamOf(name);
  const letters = deadLetterStreamOf(name);
  const make = streamsProvisioned ? [] : ['CREATE', 'UPDATE'];
  return [
    `evt.${name}.>`,
    `dlq.${name}.>`,
    ...[events, letters].flatMap((stream) => ['INFO', ...make].map((action) => `$JS.API.STREAM.${action}.${stream}`)),
    `$JS.API.DIRECT.GET.${letters}`,
    `$JS.API.STREAM.MSG.DELETE.${letters}`,
    `$JS.API.STREAM.PURGE.${letters}`,
    ...consume(letters, durableOf(name, 'replay')),
  ];
}

/** Its own and no other's, whose events it would take away. */
const durablesOf = (name: string, { handlers }: ServiceRow): string[] =>
  handlers ? handlers.map((handler) => durableOf(name, handler)) : ['*'];

function consume(stream: string, durable: string): string[] {
  return [
    `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${durable}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    `$JS.ACK.${stream}.${durable}.>`,
  ];
}

/**
 * Live by a plain subscription, and from any place by one durable of its own on each stream. It may create that durable only
 * by the API subject that carries the filter, which the server compares with the request: it cannot ask for more.
 */
function subscriberPermissions({ name, orgId }: OutsideSubscriber, table: Table): Permissions {
  const durable = `subscriber__${name}`;
  const owners = Object.keys(table).filter((owner) => table[owner]?.owns);
  return {
    publish: {
      allow: owners.flatMap((owner) => {
        const stream = streamOf(owner);
        return [
          `$JS.API.CONSUMER.CREATE.${stream}.${durable}.evt.${owner}.*.*.*.${orgId}`,
          `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
          `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
          `$JS.ACK.${stream}.${durable}.>`,
        ];
      }),
    },
    subscribe: { allow: [`evt.*.*.*.*.${orgId}`, `${inboxPrefixOf(`subscriber-${name}`)}.>`] },
  };
}

function keyOf({ keys }: NatsConfig, name: string): string {
  const key = keys[name];
  if (key === undefined)
    throw new Error(`There is no key for the service “${name}”: make one with newNkey() and give its public half.`);
  return key;
}
