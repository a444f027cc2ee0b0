import {
  apiKeyCreated,
  apiKeyRevoked,
  DomainError,
  type ApiKeyWithCreator,
  type ApiKey,
  type ApiKeyId,
  type Principal,
  type ParsedInputOf,
  type createApiKey,
} from '@leasewire/contracts';
import type { Call, Clock, Ids } from '@leasewire/messaging';
import { dueAt, UnitOfWork } from '@leasewire/persistence';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { assertWithin } from '../access/access.rules.js';
import { AccessService } from '../access/access.service.js';
import { Afterwards } from '../afterwards.js';
import { touchEveryMs } from '../session/session.rules.js';
import { StaffRepository } from '../staff/staff.repository.js';
import { ApiKeyRepository, toApiKey, type ApiKeyDoc } from './api-key.repository.js';
import { assertExpiry, isValidKey, newApiKey, prefixOf } from './api-key.rules.js';

@Injectable()
export class ApiKeyService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly keys: ApiKeyRepository,
    private readonly staff: StaffRepository,
    private readonly access: AccessService,
    private readonly afterwards: Afterwards,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async list({ limit, cursor }: { limit: number; cursor?: string | undefined }, call: Call) {
    const { items, nextCursor } = await this.keys.page({ orgId: call.orgId }, { sort: { _id: -1 }, limit, cursor });
    return { items: await this.#withCreators(items, call), nextCursor };
  }

  async get(apiKeyId: ApiKeyId, call: Call): Promise<ApiKeyWithCreator> {
    const key = await this.keys.get({ orgId: call.orgId, _id: apiKeyId });
    const [shown] = await this.#withCreators([key], call);
    if (!shown) throw new Error('one key in, one key out');
    return shown;
  }

  async create({ name, permissions, properties, expiresAt }: ParsedInputOf<typeof createApiKey>, call: Call) {
    return this.work.run(call, async (tx) => {
      const own = await this.access.authorityOf(call, 'accounts.api-keys:full', tx);
      assertWithin({ permissions, properties }, own, 'This key');
      const until = expiresAt === undefined ? null : new Date(expiresAt);
      assertExpiry(until, tx.now);
      const { key, prefix, hash } = newApiKey();
      const doc = await this.keys.insert(tx, {
        _id: this.ids.next('key'),
        orgId: call.orgId,
        name,
        prefix,
        hash,
        permissions,
        properties,
        createdBy: call.actor.ref,
        lastUsedAt: null,
        expiresAt: until,
        revokedAt: null,
        ...(until && { due: dueAt(until) }),
      });
      tx.publish(apiKeyCreated, { apiKey: toApiKey(doc) }, doc);
      return { ...toApiKey(doc), key };
    });
  }

  /** Also of a key that may do more than the caller: taking access away hands nothing out, and a leaked key cannot wait. */
  async revoke(apiKeyId: ApiKeyId, call: Call): Promise<ApiKey> {
    return this.work.run(call, async (tx) => {
      await this.access.authorityOf(call, 'accounts.api-keys:full', tx);
      const key = await this.keys.get({ orgId: call.orgId, _id: apiKeyId }, { tx });
      if (key.revokedAt !== null) return toApiKey(key);
      const saved = await this.keys.save(tx, { ...key, revokedAt: tx.now, due: undefined });
      tx.publish(apiKeyRevoked, { apiKey: toApiKey(saved) }, saved);
      return toApiKey(saved);
    });
  }

  async resolve(text: string): Promise<Principal> {
    const now = this.clock.now();
    const prefix = prefixOf(text);
    const key = prefix === null ? null : await this.keys.byPrefix(prefix);
    if (key === null || !isValidKey(key, text, now))
      throw new DomainError('unauthenticated', 'This API key is not valid: wrong, revoked or expired.');
    const { orgId, _id } = key;
    if (now.getTime() - (key.lastUsedAt?.getTime() ?? 0) >= touchEveryMs)
      this.afterwards.run('noting when an API key was used', () => this.keys.touch({ orgId, _id }, { lastUsedAt: now }));
    return {
      ref: `api-key:${_id}`,
      orgId,
      name: key.name,
      permissions: key.permissions,
      properties: key.properties,
      roleIds: [],
      sessionId: null,
      expiresAt: key.expiresAt?.toISOString() ?? null,
    };
  }

  async #withCreators(keys: readonly ApiKeyDoc[], { orgId }: Call): Promise<ApiKeyWithCreator[]> {
    const idIn = (key: ApiKeyDoc): string => key.createdBy.slice(key.createdBy.indexOf(':') + 1);
    const ids = [...new Set(keys.map(idIn))];
    const [staff, others] = await Promise.all([
      this.staff.find({ orgId, _id: { $in: ids.filter(isStaffId) } }, { fields: ['name', 'standing'] }),
      this.keys.find({ orgId, _id: { $in: ids.filter(isKeyId) } }, { fields: ['name', 'revokedAt'] }),
    ]);
    const creators = new Map<string, { name: string; gone: boolean }>([
      ...staff.map((one) => [one._id, { name: one.name, gone: one.standing.state === 'archived' }] as const),
      ...others.map((one) => [one._id, { name: one.name, gone: one.revokedAt !== null }] as const),
    ]);
    return keys.map((key) => {
      const creator = creators.get(idIn(key));
      return { ...toApiKey(key), creatorName: creator?.name ?? null, creatorArchived: creator?.gone ?? false };
    });
  }
}

const isStaffId = (id: string): id is `stf_${string}` => id.startsWith('stf_');
const isKeyId = (id: string): id is ApiKeyId => id.startsWith('key_');
