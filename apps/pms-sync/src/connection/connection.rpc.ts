import {
  adoptProperties,
  createConnection,
  getConnection,
  getSyncedProperty,
  listConnections,
  listPlatforms,
  listSyncedProperties,
  listUpstreamProperties,
  previewSyncPolicy,
  setSyncPolicy,
  testConnection,
  updateConnection,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { AdoptionService } from './adoption.service.js';
import { ConnectionService } from './connection.service.js';
import { PolicyPreview } from './policy-preview.service.js';

@Controller()
export class ConnectionRpc {
  constructor(
    private readonly connections: ConnectionService,
    private readonly adoption: AdoptionService,
    private readonly previews: PolicyPreview,
  ) {}

  @Rpc(listPlatforms)
  platforms() {
    return Promise.resolve(this.connections.platforms());
  }

  @Rpc(createConnection)
  create(input: ParsedInputOf<typeof createConnection>, call: Call) {
    return this.connections.create(input, call);
  }

  @Rpc(listConnections)
  list(input: ParsedInputOf<typeof listConnections>, call: Call) {
    return this.connections.list(input, call);
  }

  @Rpc(getConnection)
  get({ connectionId }: ParsedInputOf<typeof getConnection>, call: Call) {
    return this.connections.get(connectionId, call);
  }

  @Rpc(updateConnection)
  update(input: ParsedInputOf<typeof updateConnection>, call: Call) {
    return this.connections.update(input, call);
  }

  @Rpc(testConnection)
  test({ connectionId }: ParsedInputOf<typeof testConnection>, call: Call) {
    return this.connections.test(connectionId, call);
  }

  @Rpc(listUpstreamProperties)
  upstream({ connectionId }: ParsedInputOf<typeof listUpstreamProperties>, call: Call) {
    return this.connections.upstreamProperties(connectionId, call);
  }

  @Rpc(adoptProperties)
  adopt(input: ParsedInputOf<typeof adoptProperties>, call: Call) {
    return this.adoption.adopt(input, call);
  }

  @Rpc(listSyncedProperties)
  properties(input: ParsedInputOf<typeof listSyncedProperties>, call: Call) {
    return this.adoption.list(input, call);
  }

  @Rpc(getSyncedProperty)
  property({ propertyId }: ParsedInputOf<typeof getSyncedProperty>, call: Call) {
    return this.adoption.get(propertyId, call);
  }

  @Rpc(setSyncPolicy)
  setPolicy(input: ParsedInputOf<typeof setSyncPolicy>, call: Call) {
    return this.adoption.setPolicy(input, call);
  }

  @Rpc(previewSyncPolicy)
  previewPolicy(input: ParsedInputOf<typeof previewSyncPolicy>, call: Call) {
    return this.previews.preview(input, call);
  }
}
