import {
  directorySnapshot,
  DomainError,
  PropertyId,
  ResidentId,
  UnitId,
  type OrgId,
  type OutputOf,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, serveSnapshot, type EventBus, type SnapshotSource } from '@leasewire/messaging';
import { Database, readEpoch } from '@leasewire/persistence';
import { EVENT_BUS } from '@leasewire/service-kit';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { PropertyRepository, toProperty } from '../property/property.repository.js';
import { ResidentRepository, toResident } from '../resident/resident.repository.js';
import { toUnit, UnitRepository } from '../unit/unit.repository.js';

type Data = OutputOf<typeof directorySnapshot>['items'][number]['data'];
interface Kept {
  readonly _id: string;
  readonly orgId: OrgId;
  readonly version: number;
  readonly propertyId?: PropertyId;
}

/** For read models that begin with nothing. */
@Controller()
export class SnapshotRpc {
  readonly #serve: ReturnType<typeof serveSnapshot<Data>>;

  constructor(
    properties: PropertyRepository,
    units: UnitRepository,
    residents: ResidentRepository,
    private readonly db: Database,
    @Inject(EVENT_BUS) bus: EventBus,
  ) {
    this.#serve = serveSnapshot<Data>({
      position: () => bus.position('directory'),
      sources: [
        this.#source('property', PropertyId, properties, (doc) => toProperty(doc)),
        this.#source('unit', UnitId, units, (doc) => toUnit(doc)),
        this.#source('resident', ResidentId, residents, (doc) => toResident(doc)),
      ],
    });
  }

  @Rpc(directorySnapshot)
  async snapshot(query: ParsedInputOf<typeof directorySnapshot>) {
    return this.#serve(query);
  }

  #source<D extends Kept>(
    entity: string,
    idSchema: z.ZodType<D['_id']>,
    from: { after(id: D['_id'] | null, limit: number): Promise<D[]> },
    toData: (doc: D) => Data,
  ): SnapshotSource<Data> {
    return {
      entity,
      page: async (cursor, limit) => {
        const after = cursor === undefined ? null : parsed(idSchema, cursor);
        const [epoch, docs] = await Promise.all([readEpoch(this.db), from.after(after, limit)]);
        const items = docs.map((doc) => ({
          id: doc._id,
          orgId: doc.orgId,
          version: doc.version,
          epoch,
          data: toData(doc),
          ...(doc.propertyId !== undefined && { propertyId: doc.propertyId }),
        }));
        return { items, nextCursor: docs.length < limit ? null : (docs.at(-1)?._id ?? null) };
      },
    };
  }
}

function parsed<Id>(schema: z.ZodType<Id>, cursor: string): Id {
  const { data } = schema.safeParse(cursor);
  if (data === undefined) throw new DomainError('cursor.invalid', 'This is no cursor of this snapshot. Begin again without one.');
  return data;
}
