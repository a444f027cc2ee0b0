import {
  DomainError,
  staffChanged,
  type ApiKey,
  type Organization,
  type ParsedInputOf,
  type Permissions,
  type PropertyScope,
  type Staff,
  type listStaff,
  type updateMe,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Sort } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { AccessService, apiKeyIdOf, myself, staffIdOf } from '../access/access.service.js';
import { accessEnded } from '../access/access.rules.js';
import { ApiKeyRepository, toApiKey } from '../api-key/api-key.repository.js';
import { OrganizationRepository, toOrganization } from '../organization/organization.repository.js';
import { assertVersion } from '../version.rules.js';
import { startsWith } from './staff-search.rules.js';
import { StaffRepository, toStaff, withDetails } from './staff.repository.js';

type ListInput = ParsedInputOf<typeof listStaff>;
const sortFields: Record<ListInput['sort'], Sort> = {
  name: { nameKey: 1 },
  '-name': { nameKey: -1 },
  createdAt: { createdAt: 1 },
  '-createdAt': { createdAt: -1 },
  lastSignInAt: { lastSignInAt: 1 },
  '-lastSignInAt': { lastSignInAt: -1 },
};

export interface Me {
  staff: Staff | null;
  apiKey: ApiKey | null;
  organization: Organization;
  permissions: Permissions;
  properties: PropertyScope;
}

@Injectable()
export class StaffService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly staff: StaffRepository,
    private readonly keys: ApiKeyRepository,
    private readonly organizations: OrganizationRepository,
    private readonly access: AccessService,
  ) {}

  /** Staff belong to the organization: who may see them sees all, whatever properties either is limited to. */
  async list(input: ListInput, call: Call) {
    const { state, roleId, search, sort, limit, cursor, withTotal } = input;
    const filter = {
      orgId: call.orgId,
      ...(state && { 'standing.state': state }),
      ...(roleId && { roleIds: roleId }),
      ...(search && { search: startsWith(search) }),
    };
    const page = await this.staff.page(filter, { sort: sortFields[sort], limit, cursor, withTotal });
    return { ...page, items: page.items.map(toStaff) };
  }

  async get(staffId: Staff['id'], call: Call): Promise<Staff> {
    return toStaff(await this.staff.get({ orgId: call.orgId, _id: staffId }));
  }

  async me(call: Call): Promise<Me> {
    const { orgId, actor } = call;
    const organization = toOrganization(await this.organizations.of(orgId));
    const staffId = staffIdOf(actor);
    if (staffId !== null) {
      const staff = await this.staff.get({ orgId, _id: staffId });
      return { staff: toStaff(staff), apiKey: null, organization, ...(await this.access.holdingOf(staff)) };
    }
    const keyId = apiKeyIdOf(actor);
    if (keyId === null) throw new DomainError('forbidden', 'Only staff and API keys have an account here.');
    const key = await this.keys.get({ orgId, _id: keyId });
    return { staff: null, apiKey: toApiKey(key), organization, permissions: key.permissions, properties: key.properties };
  }

  async updateMe({ name, locale, version }: ParsedInputOf<typeof updateMe>, call: Call): Promise<Staff> {
    const { orgId, staffId } = myself(call);
    return this.work.run(call, async (tx) => {
      const before = await this.staff.findOne({ orgId, _id: staffId }, { tx });
      if (!before) throw accessEnded();
      assertVersion(before, version);
      const after = { ...before, name: name ?? before.name, locale: locale ?? before.locale };
      if (after.name === before.name && after.locale === before.locale) return toStaff(before);
      const saved = await this.staff.save(tx, withDetails(after));
      tx.publish(staffChanged, { staff: toStaff(saved) }, saved);
      return toStaff(saved);
    });
  }
}
