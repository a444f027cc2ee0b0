import { apiKeyExpired } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ApiKeyRepository, toApiKey, type ApiKeyDoc } from './api-key.repository.js';

/** Says that the time of a key is over. It holds no more before that: whoever resolves it looks at its end. */
@Injectable()
export class ApiKeyExpiry {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.claimer<ApiKeyDoc>('api-key-expiry', {
      repository: keys,
      handle: (doc) => this.#expire(doc),
      onGiveUp: () => Promise.resolve(), // it holds no more in any case
    });
  }

  async #expire({ orgId, _id }: ApiKeyDoc): Promise<void> {
    await this.work.run(systemCause('identity', orgId, this.ids), async (tx) => {
      const key = await this.keys.get({ orgId, _id }, { tx });
      if (key.due === undefined || key.revokedAt !== null) return;
      const saved = await this.keys.save(tx, { ...key, due: undefined });
      tx.publish(apiKeyExpired, { apiKey: toApiKey(saved) }, saved);
    });
  }
}
