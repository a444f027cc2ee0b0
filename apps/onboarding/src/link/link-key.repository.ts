import { randomBytes } from 'node:crypto';
import type { OrgId } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import {
  Database,
  defineCollection,
  SecretBox,
  systemCause,
  TenantRepository,
  tenantDoc,
  UnitOfWork,
} from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

export const linkKeyDef = defineCollection('link_keys', tenantDoc.extend({ key: z.string() }), {
  scope: 'org',
  sealed: ['key'],
});

/** The key that an organization’s links are made with: random, sealed, the only thing that would have to leak. */
@Injectable()
export class LinkKeys {
  readonly #keys: TenantRepository<typeof linkKeyDef>;
  readonly #known = new Map<OrgId, Uint8Array>();

  constructor(
    db: Database,
    private readonly box: SecretBox,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
  ) {
    this.#keys = new TenantRepository(db, linkKeyDef);
  }

  async of(orgId: OrgId): Promise<Uint8Array> {
    const known = this.#known.get(orgId) ?? (await this.#read(orgId)) ?? (await this.#make(orgId));
    this.#known.set(orgId, known);
    return known;
  }

  async #read(orgId: OrgId): Promise<Uint8Array | null> {
    const doc = await this.#keys.findOne({ orgId, _id: idOf(orgId) });
    return doc === null ? null : Buffer.from(this.box.open(doc.key, placeOf(orgId)), 'base64url');
  }

  /** Two at once: the id lets only one in, and both use that. */
  async #make(orgId: OrgId): Promise<Uint8Array> {
    const key = this.box.seal(randomBytes(32).toString('base64url'), placeOf(orgId));
    const failed: unknown[] = [];
    await this.work
      .run(systemCause('onboarding', orgId, this.ids), (tx) => this.#keys.insert(tx, { _id: idOf(orgId), orgId, key }))
      .catch((error: unknown) => failed.push(error));
    const made = await this.#read(orgId);
    if (made === null) throw new Error('There is no key to make activation links with', { cause: failed[0] });
    return made;
  }
}

const idOf = (orgId: OrgId): string => `activation:${orgId}`;
const placeOf = (orgId: OrgId) => ({ orgId, collection: linkKeyDef.name, field: 'key' });
