import {
  DomainError,
  termsPublished,
  type getTerms,
  type ParsedInputOf,
  type publishTerms,
  type Terms,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { Communities } from '../community/communities.js';
import { assertSees } from '../property-scope.rules.js';
import { platformTerms, TermsRepository, toTerms } from './terms.repository.js';

@Injectable()
export class TermsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly terms: TermsRepository,
    private readonly communities: Communities,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async get({ propertyId, version }: ParsedInputOf<typeof getTerms>, call: Call): Promise<Terms> {
    const { orgId } = call;
    if (propertyId !== undefined) await this.#visible(call, propertyId);
    if (version === undefined) return this.terms.applying(orgId, propertyId ?? null);
    if (version === 0) return platformTerms;
    const doc = await this.terms.findOne({ orgId, propertyId: propertyId ?? null, number: version });
    if (doc === null) throw new DomainError('not-found', `There is no version ${version} of these terms.`);
    return toTerms(doc);
  }

  async publish({ propertyId, title, text }: ParsedInputOf<typeof publishTerms>, call: Call): Promise<Terms> {
    const { orgId, actor } = call;
    if (propertyId !== undefined) await this.#visible(call, propertyId);
    else if (actor.properties !== 'all')
      throw new DomainError(
        'forbidden',
        'The terms of the organization hold for all properties, and you see some. Ask an owner.',
      );
    return this.work.run(call, async (tx) => {
      const of = { orgId, propertyId: propertyId ?? null };
      const [last] = await this.terms.find(of, { sort: { number: -1 }, limit: 1, tx });
      const _id = this.ids.next('terms');
      const doc = await this.terms.insert(tx, {
        _id,
        ...of,
        number: (last?.number ?? 0) + 1,
        title,
        text,
        publishedBy: actor.ref,
      });
      const about = { _id: `terms:${propertyId ?? orgId}`, version: doc.number, ...(propertyId !== undefined && { propertyId }) };
      tx.publish(termsPublished, { terms: toTerms(doc) }, about);
      return toTerms(doc);
    });
  }

  async #visible(call: Call, propertyId: NonNullable<ParsedInputOf<typeof getTerms>['propertyId']>): Promise<void> {
    assertSees(call.actor, propertyId, 'property');
    await this.communities.known(call.orgId, propertyId);
  }
}
