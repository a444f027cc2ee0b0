import { apiKeyExpired } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
import { ApiKeyRepository, toApiKey, type ApiKeyDoc } from './api-key.repository.js';

/** Says that the time of a key is over. It holds no more before that: whoever resolves it looks at its end. */
@Injectable()
export class ApiKeyExpiry {
  constructor(
    private readonly keys: ApiKeyRepository,
    background: Background,
  ) {
    background.claimer<ApiKeyDoc>('api-key-expiry', {
      repository: keys,
      handle: (tx, docs) => this.#expire(tx, docs),
      onGiveUp: () => Promise.resolve(), // it holds no more in any case
    });
  }

  async #expire(tx: Tx, keys: readonly ApiKeyDoc[]): Promise<void> {
    const over = keys.filter(({ revokedAt }) => revokedAt === null).map((key) => ({ ...key, due: undefined }));
    for (const key of await this.keys.saveMany(tx, over)) tx.publish(apiKeyExpired, { apiKey: toApiKey(key) }, key);
  }
}
