import { createApiKey, getApiKey, listApiKeys, resolveApiKey, revokeApiKey, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ApiKeyService } from './api-key.service.js';

@Controller()
export class ApiKeyRpc {
  constructor(private readonly keys: ApiKeyService) {}

  @Rpc(resolveApiKey)
  async resolve({ key }: ParsedInputOf<typeof resolveApiKey>) {
    return this.keys.resolve(key);
  }

  @Rpc(listApiKeys)
  async list(input: ParsedInputOf<typeof listApiKeys>, call: Call) {
    return this.keys.list(input, call);
  }

  @Rpc(getApiKey)
  async get({ apiKeyId }: ParsedInputOf<typeof getApiKey>, call: Call) {
    return this.keys.get(apiKeyId, call);
  }

  @Rpc(createApiKey)
  async create(input: ParsedInputOf<typeof createApiKey>, call: Call) {
    return this.keys.create(input, call);
  }

  @Rpc(revokeApiKey)
  async revoke({ apiKeyId }: ParsedInputOf<typeof revokeApiKey>, call: Call) {
    return this.keys.revoke(apiKeyId, call);
  }
}
