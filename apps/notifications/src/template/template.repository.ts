import { ActorRef, PropertyId, SystemTemplateName, TemplateId, TemplateTexts } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  SystemRepository,
  systemDoc,
  TenantRepository,
  tenantDoc,
  type DocOf,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const own = {
  name: SystemTemplateName,
  propertyId: PropertyId.nullable().describe('null: of the whole organization'),
  edition: z.int().positive().describe('Counts what staff saved'),
  texts: TemplateTexts,
  changedBy: ActorRef,
};

/** The own texts as they are now. */
export const templateDef = defineCollection('templates', tenantDoc.extend({ _id: TemplateId, ...own }), {
  scope: 'org',
  indexes: [
    {
      keys: { orgId: 1, name: 1, propertyId: 1 },
      unique: true,
      onDuplicate: {
        code: 'conflict.version',
        message: 'Somebody wrote this text meanwhile. Look at it again, then repeat your change.',
      },
    },
  ],
});
export type TemplateDoc = DocOf<typeof templateDef>;

/** And as they were: written once, never changed. */
export const templateEditionDef = defineCollection(
  'template_editions',
  tenantDoc.extend({ _id: z.string().describe('<id of the template>:<edition>'), ...own }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, name: 1, propertyId: 1, edition: -1 }, unique: true }] },
);
export type TemplateEditionDoc = DocOf<typeof templateEditionDef>;

/** The platform’s own texts as they were when something was sent with them: a deployment may bring others. */
export const systemTextDef = defineCollection(
  'system_texts',
  systemDoc.extend({ _id: z.string().describe('<name>:<hash>'), texts: TemplateTexts }),
  { scope: 'system' },
);

@Injectable()
export class TemplateRepository extends TenantRepository<typeof templateDef> {
  constructor(db: Database) {
    super(db, templateDef);
  }
}

@Injectable()
export class TemplateEditionRepository extends TenantRepository<typeof templateEditionDef> {
  constructor(db: Database) {
    super(db, templateEditionDef);
  }
}

@Injectable()
export class SystemTextRepository extends SystemRepository<typeof systemTextDef> {
  constructor(db: Database) {
    super(db, systemTextDef);
  }
}
