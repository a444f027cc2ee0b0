import type { OrgId, PropertyId } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** Which version of the welcome text applies, as notifications tells; the text itself is there. */
export const welcomeTextDef = defineCollection(
  'welcome_texts',
  tenantDoc.extend({ of: z.string().describe('A property, or `organization`'), number: z.int() }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, of: 1 }, unique: true }] },
);

@Injectable()
export class WelcomeTexts extends TenantRepository<typeof welcomeTextDef> {
  constructor(db: Database) {
    super(db, welcomeTextDef);
  }

  async versionFor(orgId: OrgId, propertyId: PropertyId): Promise<string> {
    const found = await this.find({ orgId, of: { $in: ['organization', propertyId] } }, { sort: { of: 1 } });
    return found.map(({ of, number }) => `${of}:${number}`).join(',');
  }
}
