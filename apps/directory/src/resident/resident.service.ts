import {
  DomainError,
  type createResident,
  type getResident,
  type OutputOf,
  type ParsedInputOf,
  type Resident,
  type ResidentId,
  type UnitId,
  type updateResident,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { noAccount } from '../account/account.rules.js';
import { PersonRepository } from '../person/person.repository.js';
import { assertSees } from '../property-scope.rules.js';
import { PropertyRepository, type PropertyDoc } from '../property/property.repository.js';
import { assertInUse, PropertyService } from '../property/property.service.js';
import { fold } from '../search-words.rules.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { assertVersion } from '../version.rules.js';
import { assertDates, assertUnit, explained, livingIn } from './manual.rules.js';
import { phoneOf } from './phone.rules.js';
import { edited } from './resident-edit.rules.js';
import { ResidentKeeper } from './resident-keeper.js';
import { ResidentRepository, toResident, type ResidentDoc } from './resident.repository.js';

@Injectable()
export class ResidentService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly residents: ResidentRepository,
    private readonly persons: PersonRepository,
    private readonly units: UnitRepository,
    private readonly properties: PropertyRepository,
    private readonly owned: PropertyService,
    private readonly keeper: ResidentKeeper,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async get(residentId: ResidentId, call: Call): Promise<OutputOf<typeof getResident>> {
    const { doc, property } = await this.visible(call, residentId);
    const { upstream } = doc;
    const pmsSays = upstream && {
      name: upstream.name,
      email: upstream.email,
      phones: upstream.phones,
      userTypes: upstream.userTypes,
      language: upstream.language ?? null,
    };
    return { ...toResident(doc, property), pmsSays };
  }

  async explain(residentId: ResidentId, call: Call) {
    const { doc, property } = await this.visible(call, residentId);
    return { residentId, open: doc.access.open, sentences: explained(doc, property) };
  }

  async create(input: ParsedInputOf<typeof createResident>, call: Call): Promise<Resident> {
    const { propertyId, userTypes, email, bedroom, moveIn, moveOut } = input;
    assertDates(input);
    return this.work.run(call, async (tx) => {
      const property = await this.owned.visible(call, propertyId, tx);
      assertInUse(property);
      const unit = await this.#unit(tx, property, input.unitId);
      assertUnit(unit, userTypes);
      const name = { first: input.firstName, last: input.lastName, raw: `${input.firstName} ${input.lastName}` };
      await this.#assertNew(tx, property, name.raw, email, input.unitId);
      const person = await this.persons.insert(tx, {
        _id: this.ids.next('per'),
        orgId: call.orgId,
        upstream: [],
        erasedAt: null,
        account: null,
      });
      const saved = await this.keeper.saveOne(tx, property, {
        before: null,
        after: {
          _id: this.ids.next('res'),
          orgId: call.orgId,
          personId: person._id,
          propertyId,
          name,
          email,
          phones: input.phone === undefined || input.phone === '' ? [] : [phoneOf(input.phone, property.country)],
          userTypes,
          role: null,
          state: 'active',
          imported: true,
          ...noAccount,
          wifiStatus: null,
          balance: null,
          issues: [],
          sources: { name: 'staff', email: 'staff', phones: 'staff', userTypes: 'staff' },
          upstreamId: null,
          archivedReason: null,
          occupancies: [{ ...livingIn({ unit, bedroom, moveIn, moveOut }), id: this.ids.next('occ') }],
          lastSyncedAt: null,
          connectionId: null,
          upstream: null,
          upstreamHash: null,
          fetchedAt: null,
          staffAccess: null,
          staffLanguage: input.language,
          staffArchived: false,
          goneUpstream: false,
          duplicateOf: null,
          notDuplicates: [],
        },
        entry: { what: 'registered', text: 'Added by staff.' },
      });
      return toResident(saved, property);
    });
  }

  async update(input: ParsedInputOf<typeof updateResident>, call: Call): Promise<Resident> {
    return this.#change(call, input, 'edited', 'Changed by staff.', async (tx, doc, property) => {
      const unit = input.unitId === undefined ? undefined : await this.#unit(tx, property, input.unitId);
      return edited(doc, input, { unit, property, occupancyId: this.ids.next('occ'), now: tx.now });
    });
  }

  async archive(input: { residentId: ResidentId; version?: number | undefined }, call: Call): Promise<Resident> {
    return this.#change(call, input, 'archived', 'Archived by staff.', (_tx, doc) => {
      if (doc.state === 'archived') throw new DomainError('conflict.state', `${doc.displayName} is archived already.`);
      return { ...doc, state: 'archived', archivedReason: 'staff', staffArchived: true };
    });
  }

  async restore(input: { residentId: ResidentId; version?: number | undefined }, call: Call): Promise<Resident> {
    const restored = await this.#change(call, input, 'restored', 'Restored by staff.', (_tx, doc) => {
      if (doc.state !== 'archived' || doc.archivedReason === 'erased')
        throw new DomainError('conflict.state', `${doc.displayName} is not archived, or was erased.`);
      // the hash is forgotten, so that the next sync says all of it again
      return { ...doc, state: 'active', imported: true, archivedReason: null, staffArchived: false, upstreamHash: null };
    });
    return restored;
  }

  async visible(call: Call, residentId: ResidentId, tx?: Tx): Promise<{ doc: ResidentDoc; property: PropertyDoc }> {
    const { orgId, actor } = call;
    const doc = await this.residents.get({ orgId, _id: residentId }, tx && { tx });
    assertSees(actor, doc.propertyId, residentId);
    return { doc, property: await this.properties.get({ orgId, _id: doc.propertyId }, tx && { tx }) };
  }

  async #change(
    call: Call,
    { residentId, version }: { residentId: ResidentId; version?: number | undefined },
    what: string,
    text: string,
    change: (tx: Tx, doc: ResidentDoc, property: PropertyDoc) => Promise<ResidentDoc> | ResidentDoc,
  ): Promise<Resident> {
    return this.work.run(call, async (tx) => {
      const { doc, property } = await this.visible(call, residentId, tx);
      assertVersion(doc, version);
      const after = await change(tx, doc, property);
      const saved = await this.keeper.saveOne(tx, property, { before: doc, after, entry: { what, text } });
      if (what === 'restored' && saved.state === 'archived')
        throw new DomainError(
          'conflict.state',
          `${doc.displayName} has moved out. Change the move-out first, in the PMS or here.`,
        );
      return toResident(saved, property);
    });
  }

  async #unit(tx: Tx, { orgId, _id: propertyId }: PropertyDoc, unitId: UnitId | null) {
    if (unitId === null) return null;
    const unit = await this.units.findOne({ orgId, _id: unitId, propertyId }, { tx });
    if (unit === null) throw new DomainError('not-found', `There is no unit ${unitId} in this property.`);
    return unit;
  }

  async #assertNew(tx: Tx, { orgId, _id: propertyId }: PropertyDoc, name: string, email: string | null, unitId: UnitId | null) {
    const same = await this.residents.find(
      { orgId, propertyId, 'sort.name': fold(name), state: { $ne: 'archived' } },
      { tx, limit: 100 },
    );
    const there = same.find(
      (other) => (email !== null && other.email === email) || (unitId !== null && other.unitIds.includes(unitId)),
    );
    if (there)
      throw new DomainError(
        'resident.exists',
        `${there.displayName} is in this property already. Change that resident instead.`,
        {
          residentId: there._id,
        },
      );
  }
}
