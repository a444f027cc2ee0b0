import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { ApiKeyExpiry } from './api-key-expiry.js';
import { ApiKeyRpc } from './api-key.rpc.js';
import { ApiKeyService } from './api-key.service.js';

@Module({ imports: [AccessModule], controllers: [ApiKeyRpc], providers: [ApiKeyExpiry, ApiKeyService] })
export class ApiKeyModule {}
