import {
  ConnectionId,
  DomainError,
  HoldId,
  pmsSyncSnapshot,
  PropertyId,
  ResidentId,
  type OrgId,
  type OutputOf,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, serveSnapshot, type EventBus, type SnapshotSource } from '@leasewire/messaging';
import { Database, readEpoch } from '@leasewire/persistence';
import { EVENT_BUS } from '@leasewire/service-kit';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { BalanceRepository, toBalance } from '../balance/balance.repository.js';
import { ConnectionRepository } from '../connection/connection.repository.js';
import { ConnectionViews } from '../connection/connection-views.js';
import { SyncedPropertyRepository } from '../connection/synced-property.repository.js';
import { HoldRepository, toHold } from '../hold/hold.repository.js';

type Data = OutputOf<typeof pmsSyncSnapshot>['items'][number]['data'];
interface Kept {
  readonly _id: string;
  readonly orgId: OrgId;
  readonly version: number;
}

/** For read models that begin with nothing. */
@Controller()
export class SnapshotRpc {
  readonly #serve: ReturnType<typeof serveSnapshot<Data>>;

  constructor(
    connections: ConnectionRepository,
    properties: SyncedPropertyRepository,
    holds: HoldRepository,
    balances: BalanceRepository,
    views: ConnectionViews,
    private readonly db: Database,
    @Inject(EVENT_BUS) bus: EventBus,
  ) {
    this.#serve = serveSnapshot<Data>({
      position: () => bus.position('pms-sync'),
      sources: [
        this.#source('connection', ConnectionId, connections, (doc) => views.connection(doc)),
        this.#source('synced-property', PropertyId, properties, (doc) => views.property(doc)),
        this.#source('hold', HoldId, holds, (doc) => Promise.resolve(toHold(doc))),
        this.#source('balance', ResidentId, balances, (doc) => Promise.resolve(toBalance(doc))),
      ],
    });
  }

  @Rpc(pmsSyncSnapshot)
  async snapshot(query: ParsedInputOf<typeof pmsSyncSnapshot>) {
    return this.#serve(query);
  }

  #source<D extends Kept>(
    entity: string,
    idSchema: z.ZodType<D['_id']>,
    from: { after(id: D['_id'] | null, limit: number): Promise<D[]> },
    toData: (doc: D) => Promise<Data>,
  ): SnapshotSource<Data> {
    return {
      entity,
      page: async (cursor, limit) => {
        const after = cursor === undefined ? null : parsed(idSchema, cursor);
        const [epoch, docs] = await Promise.all([readEpoch(this.db), from.after(after, limit)]);
        const items = await Promise.all(
          docs.map(async (doc) => ({ id: doc._id, orgId: doc.orgId, version: doc.version, epoch, data: await toData(doc) })),
        );
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
