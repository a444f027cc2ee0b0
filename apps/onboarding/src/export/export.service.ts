import {
  DomainError,
  invitationExportJob,
  PersonId,
  type JobView,
  type OutputOf,
  type ParsedInputOf,
  type PropertyScope,
  type readInvitationExport,
  type startInvitationExport,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Jobs, type ItemResult, type JobItem, type JobItemSeed, type JobOf, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { AccountRepository, toAccount } from '../account/account.repository.js';
import { CommunityRepository } from '../community/community.repository.js';
import { assertSees, sees, visibleIn } from '../property-scope.rules.js';
import { accountLine, header } from './csv.rules.js';
import { ExportPartRepository } from './export.repository.js';

/** Rows of one part: the longest fit a reply of the broker. */
const partRows = 200;
type ExportJob = JobOf<typeof invitationExportJob>;
const Behind = PersonId.nullable();

/** A CSV file of accounts, written part by part over stretches of people; whoever asked sees no further in it than elsewhere. */
@Injectable()
export class ExportService {
  constructor(
    private readonly jobs: Jobs,
    private readonly accounts: AccountRepository,
    private readonly communities: CommunityRepository,
    private readonly parts: ExportPartRepository,
  ) {
    jobs.define(invitationExportJob, {
      chunk: 1,
      items: (job, after) => this.#stretches(job, after),
      run: async (tx, items, job) => {
        const results: ItemResult<{ rows: number }>[] = [];
        for (const item of items) results.push({ state: 'done', outcome: await this.#write(tx, job, item) });
        return results;
      },
    });
  }

  async start({ propertyId, status }: ParsedInputOf<typeof startInvitationExport>, call: Call): Promise<JobView> {
    const { properties } = call.actor;
    if (propertyId !== undefined) assertSees(call.actor, propertyId, 'property');
    const asked = { ...(propertyId !== undefined && { propertyId }), ...(status !== undefined && { status }) };
    return this.jobs.start(call, invitationExportJob, { ...asked, properties: properties === 'all' ? 'all' : [...properties] });
  }

  async read(
    { jobId, part }: ParsedInputOf<typeof readInvitationExport>,
    call: Call,
  ): Promise<OutputOf<typeof readInvitationExport>> {
    const { orgId } = call;
    const { state, counts } = await this.jobs.get(call, jobId);
    if (state !== 'done' || counts.failed > 0)
      throw new DomainError('conflict.state', 'The export is not whole yet, or some of it failed; look at its job.', { state });
    const count = await this.parts.count(orgId, jobId);
    if (count === 0 && counts.done > 0)
      throw new DomainError('not-found', `The export ${jobId} is not kept any more; exports are kept for a day. Start it again.`);
    const text = count === 0 && part === 0 ? '' : await this.parts.part(orgId, jobId, part);
    if (text === null) throw new DomainError('not-found', `This export has ${count} parts, numbered from 0.`, { parts: count });
    return { text: part === 0 ? header() + text : text, last: part >= count - 1 };
  }

  async *#stretches(job: ExportJob, after: string | null): AsyncIterable<JobItemSeed> {
    let behind = Behind.parse(after);
    for (;;) {
      const found = await this.#find(job, { behind, upTo: null });
      const key = found.at(-1)?._id;
      if (key === undefined) return;
      yield { key, data: behind };
      behind = key;
    }
  }

  async #write(tx: Tx, job: ExportJob, { key, data }: JobItem): Promise<{ rows: number }> {
    const found = await this.#find(job, { behind: Behind.parse(data ?? null), upTo: PersonId.parse(key) });
    const scope = { properties: job.input.properties };
    const names = new Map<string, string>(
      (await this.communities.find({ orgId: job.orgId }))
        .filter(({ _id }) => sees(scope, _id))
        .map(({ _id, name }) => [_id, name]),
    );
    const lines = found.map((doc) => {
      const account = toAccount(doc);
      return accountLine({ ...account, residents: account.residents.filter(({ propertyId }) => sees(scope, propertyId)) }, names);
    });
    await this.parts.add(tx, job.id, key, lines.join(''));
    return { rows: lines.length };
  }

  async #find({ orgId, input }: ExportJob, { behind, upTo }: { behind: PersonId | null; upTo: PersonId | null }) {
    const scope: { readonly properties: PropertyScope } = { properties: input.properties };
    const properties = visibleIn(scope, input.propertyId);
    if (properties === null) return [];
    const range = { ...(behind !== null && { $gt: behind }), ...(upTo !== null && { $lte: upTo }) };
    const filter = {
      orgId,
      erasedAt: null,
      ...(properties !== 'all' && { 'members.propertyId': properties }),
      ...(input.status !== undefined && { 'standing.status': { $in: input.status } }),
      ...(Object.keys(range).length > 0 && { _id: range }),
    };
    return this.accounts.find(filter, { sort: { _id: 1 }, limit: partRows });
  }
}
