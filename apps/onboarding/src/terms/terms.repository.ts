import { ActorRef, PropertyId, type OrgId, type Terms } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** One document per version; none is ever changed, for people accepted it as it was. */
export const termsDef = defineCollection(
  'terms',
  tenantDoc.extend({
    propertyId: PropertyId.nullable(),
    number: z.int().positive(),
    title: z.string(),
    text: z.string(),
    publishedBy: ActorRef,
  }),
  {
    scope: 'org',
    indexes: [
      {
        keys: { orgId: 1, propertyId: 1, number: -1 },
        unique: true,
        onDuplicate: { code: 'conflict.version', message: 'Somebody else published terms just now. Look at them and repeat.' },
      },
    ],
  },
);
export type TermsDoc = DocOf<typeof termsDef>;

/** What applies until somebody publishes their own. */
export const platformTerms: Terms = {
  propertyId: null,
  version: 0,
  title: 'Terms and conditions',
  text: [
    'This account is for you, the person it was made for. Keep your password to yourself; change it when you think somebody knows it.',
    'The people who run your building see your name, where you live, how you can be reached, and which of your devices use the network. They use it to run the building and to write to you about it.',
    'Use the network lawfully and so that others can use it too. Access ends when you move out.',
    'You can close your account at any time on your own page.',
  ].join('\n\n'),
  publishedAt: null,
  publishedBy: null,
};

@Injectable()
export class TermsRepository extends TenantRepository<typeof termsDef> {
  constructor(db: Database) {
    super(db, termsDef);
  }

  /** The property’s, else the organization’s, else the platform’s. */
  async applying(orgId: OrgId, propertyId: PropertyId | null, tx?: Tx): Promise<Terms> {
    const newest = (of: PropertyId | null) =>
      this.find({ orgId, propertyId: of }, { sort: { number: -1 }, limit: 1, ...(tx && { tx }) });
    const [own] = propertyId === null ? [] : await newest(propertyId);
    const [doc] = own ? [own] : await newest(null);
    return doc === undefined ? platformTerms : toTerms(doc);
  }
}

export const toTerms = (doc: TermsDoc): Terms => ({
  propertyId: doc.propertyId,
  version: doc.number,
  title: doc.title,
  text: doc.text,
  publishedAt: doc.createdAt.toISOString(),
  publishedBy: doc.publishedBy,
});
