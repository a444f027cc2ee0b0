import { DomainError, type explainMissing, type OutputOf, type ParsedInputOf, type PersonId } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { visibleIn } from '../property-scope.rules.js';
import { PropertyRepository } from '../property/property.repository.js';
import { PropertyService } from '../property/property.service.js';
import { ResidentListService } from '../resident-list/resident-list.service.js';
import { explained } from '../resident/manual.rules.js';
import { ResidentRepository, toResident, type ResidentDoc } from '../resident/resident.repository.js';
import { inOrderOfInterest, whatIsKnown } from './missing.rules.js';

const most = 20;
const everyState = ['active', 'pending-import', 'archived'] as const;

/** Answers for staff who do not find whom they look for. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
    private readonly owned: PropertyService,
    private readonly list: ResidentListService,
  ) {}

  async missing(
    { search, propertyId }: ParsedInputOf<typeof explainMissing>,
    call: Call,
  ): Promise<OutputOf<typeof explainMissing>> {
    const { orgId } = call;
    const property = propertyId === undefined ? null : await this.owned.visible(call, propertyId);
    const properties = call.actor.properties === 'all' ? ('all' as const) : [...call.actor.properties];
    const asked = { search, state: [...everyState] };
    // those of the property are looked for by themselves: elsewhere there may be many of the name
    const [here, all] = await Promise.all(
      [propertyId === undefined ? null : { ...asked, propertyId }, asked].map(async (filter) => {
        const query = filter && (await this.list.matching({ orgId, properties }, filter));
        return query === null ? [] : this.residents.find(query, { sort: { 'sort.name': 1 }, limit: most });
      }),
    );
    const docs = [...new Map([...(here ?? []), ...(all ?? [])].map((doc) => [doc._id, doc])).values()];
    const found = inOrderOfInterest(docs, { search, property }).slice(0, most);
    return { found: await this.#explained(orgId, found), sentences: whatIsKnown(found, { search, property }) };
  }

  async person(personId: PersonId, call: Call) {
    const scope = visibleIn(call.actor);
    const docs = scope === null ? [] : await this.residents.find({ orgId: call.orgId, personId, ...scope });
    const inOrder = docs.toSorted(
      (a, b) => Number(a.state === 'archived') - Number(b.state === 'archived') || b.updatedAt.getTime() - a.updatedAt.getTime(),
    );
    const [first] = inOrder;
    if (!first)
      throw new DomainError('not-found', `There is no person ${personId} here, or you may see none of their properties.`);
    return { personId, displayName: first.displayName, residents: await this.list.shown(call, inOrder) };
  }

  async #explained(orgId: Call['orgId'], docs: readonly ResidentDoc[]) {
    const ids = [...new Set(docs.map(({ propertyId }) => propertyId))];
    const known = new Map((await this.properties.find({ orgId, _id: { $in: ids } })).map((own) => [own._id, own]));
    return docs.flatMap((doc) => {
      const own = known.get(doc.propertyId);
      if (!own) return [];
      const listed = doc.state !== 'archived';
      return [{ resident: toResident(doc, own), propertyName: own.name, listed, sentences: explained(doc, own) }];
    });
  }
}
