import {
  ApiKeyId,
  DomainError,
  identitySnapshot,
  OrgId,
  PersonId,
  RoleId,
  StaffId,
  type OutputOf,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, serveSnapshot, type EventBus, type SnapshotSource } from '@leasewire/messaging';
import { Database, readEpoch } from '@leasewire/persistence';
import { EVENT_BUS } from '@leasewire/service-kit';
import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { ApiKeyRepository, toApiKey } from '../api-key/api-key.repository.js';
import { OrganizationRepository, toOrganization } from '../organization/organization.repository.js';
import { ResidentAccountRepository, toResidentAccount } from '../resident-account/resident-account.repository.js';
import { RoleRepository, toRole } from '../role/role.repository.js';
import { StaffRepository, toStaff } from '../staff/staff.repository.js';

type Data = OutputOf<typeof identitySnapshot>['items'][number]['data'];
interface Kept {
  readonly _id: string;
  readonly orgId: OrgId;
  readonly version: number;
}

/** For read models that begin with nothing. Sessions are not in it: whoever needs one asks for it. */
@Controller()
export class SnapshotRpc {
  readonly #serve: ReturnType<typeof serveSnapshot<Data>>;

  constructor(
    organizations: OrganizationRepository,
    roles: RoleRepository,
    staff: StaffRepository,
    keys: ApiKeyRepository,
    residents: ResidentAccountRepository,
    private readonly db: Database,
    @Inject(EVENT_BUS) bus: EventBus,
  ) {
    this.#serve = serveSnapshot<Data>({
      position: () => bus.position('identity'),
      sources: [
        this.#source('organization', OrgId, organizations, (doc) => ({ organization: toOrganization(doc) })),
        this.#source('role', RoleId, roles, (doc) => ({ role: toRole(doc) })),
        this.#source('staff', StaffId, staff, (doc) => ({ staff: toStaff(doc) })),
        this.#source('api-key', ApiKeyId, keys, (doc) => ({ apiKey: toApiKey(doc) })),
        this.#source('resident-account', PersonId, residents, (doc) => ({ account: toResidentAccount(doc) })),
      ],
    });
  }

  @Rpc(identitySnapshot)
  async snapshot(query: ParsedInputOf<typeof identitySnapshot>) {
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
        const items = docs.map((doc) => ({ id: doc._id, orgId: doc.orgId, version: doc.version, epoch, data: toData(doc) }));
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
