import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  eventSubject,
  type ChainHead,
  type DataOf,
  type EventContract,
  type Fact,
  type OrgId,
  type Verification,
} from '@leasewire/contracts';
import { silentLog, systemClock, systemIds, type Clock } from '@leasewire/messaging';
import { ensureIndexes, readEpoch, SecretBox, UnitOfWork, type Database } from '@leasewire/persistence';
import type { Background, Logger, Metrics } from '@leasewire/service-kit';
import { factOf, freshDatabase, newOrgId, onCleanUp, newStaffId, temporaryFolder, type FactOptions } from '@leasewire/testing';
import { audit } from '../src/audit.service-definition.js';
import { ChainRepository } from '../src/chain/chain.repository.js';
import { EntryRepository } from '../src/chain/entry.repository.js';
import { HeadKeys } from '../src/chain/head-keys.js';
import { HeadRepository } from '../src/chain/head.repository.js';
import { HeadsFile } from '../src/chain/heads-file.js';
import { Heads } from '../src/chain/heads.js';
import { Turns } from '../src/chain/turns.js';
import { Sealer } from '../src/chain/sealer.js';
import type { AuditConfig } from '../src/config.js';
import { EntriesService, type PageAsked } from '../src/entries/entries.service.js';
import { ExportRepository } from '../src/export/export.repository.js';
import { ErasureService } from '../src/person/erasure.service.js';
import { Erasures } from '../src/person/erasures.js';
import { PersonKeys } from '../src/person/person-key.repository.js';
import { Recorder } from '../src/record/recorder.js';
import { StateRepository } from '../src/record/state.repository.js';
import { RetentionRepository } from '../src/retention/retention.repository.js';
import { RetentionService } from '../src/retention/retention.service.js';
import { ChainReader } from '../src/verify/chain-reader.js';
import { VerificationRepository } from '../src/verify/verification.repository.js';
import { Verifier } from '../src/verify/verifier.js';
import { VerifyService } from '../src/verify/verify.service.js';

type Shared = { readonly db: Database; readonly box: SecretBox; readonly keys: HeadKeys; readonly file: HeadsFile };

export interface WorldOptions {
  readonly clock?: Clock;
  /** A second replica: another one's database and keys. */
  readonly beside?: Shared;
  readonly headsSeconds?: number;
  /** Another than a fresh one, which compares all that is read with its schema. */
  readonly db?: Database;
  /** Off: no log outside of the database. */
  readonly headsFile?: boolean;
}

/** The parts of audit on a real database, without the bus: what they do when it delivers. */
export async function newWorld(options: WorldOptions = {}) {
  const { beside, clock = systemClock, headsSeconds = 60 } = options;
  const db: Database = options.db ?? beside?.db ?? (await freshDatabase());
  if (!beside) await ensureIndexes(db, audit.collections, silentLog);
  const box = beside?.box ?? SecretBox.fromRing(`k1:${randomBytes(32).toString('base64')}`);
  const keys = beside?.keys ?? new HeadKeys(randomBytes(32).toString('base64'));
  const path = options.headsFile === false ? undefined : join(temporaryFolder('audit'), 'heads.ndjson');
  const file = beside?.file ?? new HeadsFile(path, silentLog);
  if (!beside) {
    await file.open();
    onCleanUp(() => file.close());
  }
  const config = { LEASEWIRE_AUDIT_HEADS_SECONDS: headsSeconds } as AuditConfig;
  const work = new UnitOfWork({ db, service: 'audit', clock, ids: systemIds, epoch: await readEpoch(db), box });
  const background = { add: () => undefined, claimer: () => ({ wake: () => undefined }) } as unknown as Background;
  const log = silentLog as unknown as Logger;
  const metrics = { gauged: () => undefined } as unknown as Metrics;

  const chains = new ChainRepository(db, box);
  const entryRows = new EntryRepository(db);
  const headRows = new HeadRepository(db);
  const people = new PersonKeys(db, box);
  const states = new StateRepository(db);
  const sealer = new Sealer(people);
  const heads = new Heads(work, chains, headRows, keys, file, systemIds, config);
  const erasures = new Erasures(people);
  const recorder = new Recorder(work, new Turns(db), chains, entryRows, states, sealer, heads, erasures, systemIds);
  const entries = new EntriesService(entryRows, chains, sealer);
  const verifier = new Verifier(new ChainReader(db), keys, file, clock);
  const verifying = new VerifyService(verifier, new VerificationRepository(db), work, log, metrics, systemIds, clock);
  const policies = new RetentionRepository(db);
  const retention = new RetentionService(policies, chains, entryRows, headRows, keys, work, log, systemIds, background);
  const erasure = new ErasureService(erasures, entryRows, new ExportRepository(db, box), work, people, background);
  const rows = (name: string) => db.db.collection<Record<string, unknown> & { _id: string }>(name);
  const verify = async (orgId: OrgId, head?: ChainHead, stretch: { from?: number; until?: number } = {}): Promise<Verification> =>
    (await verifier.verify(orgId, { head, ...stretch })).verification;
  /** The data of the events that it published, in their order. */
  const told = async <C extends EventContract>(contract: C, orgId: OrgId): Promise<DataOf<C>[]> => {
    const found = await rows('outbox')
      .find({ subject: eventSubject(contract, orgId) })
      .sort({ _id: 1 })
      .toArray();
    return found.map((row) => (JSON.parse(String(row['envelope'])) as { data: DataOf<C> }).data);
  };
  return {
    told,
    db,
    box,
    keys,
    file,
    clock,
    work,
    chains,
    heads,
    states,
    recorder,
    entries,
    verifying,
    retention,
    policies,
    erasure,
    rows,
    verify,
  };
}
export type World = Awaited<ReturnType<typeof newWorld>>;

/** What identity would say about the staff of an organization. */
export class Organization {
  readonly orgId = newOrgId();
  readonly ana = { id: newStaffId(), name: 'Ana Reyes', email: 'ana@harbour.example' };
  #version = 0;

  fact(contract: Pick<EventContract, 'type' | 'service'>, data: unknown, options: FactOptions = {}): Fact {
    const anything = { ...contract, schema: { parse: (value: unknown) => value }, example: {} } as unknown as EventContract;
    return factOf(anything, data, {
      orgId: this.orgId,
      actor: `staff:${this.ana.id}`,
      handler: 'audit__record',
      version: ++this.#version,
      ...options,
    });
  }

  /** Someone's details changed; `n` makes each differ. */
  staffChanged(n: number, options: FactOptions & { who?: string; name?: string; email?: string } = {}): Fact {
    const { who: id = this.ana.id, name = this.ana.name, email = this.ana.email, ...rest } = options;
    const staff = { id, name, email, locale: 'en-AU', roleIds: [`rol_${n}`], state: 'active', version: n };
    return this.fact({ type: 'identity.staff.changed.v1', service: 'identity' }, { staff }, { subject: id, ...rest });
  }

  staffChanges(count: number, options: Parameters<Organization['staffChanged']>[1] = {}): Fact[] {
    return Array.from({ length: count }, (_, n) => this.staffChanged(n, options));
  }
}

export const everything: PageAsked = { sort: 'at', limit: 200, withTotal: false };
