import { DomainError, type ParsedInputOf, type receiveWebhook } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ConnectionRepository } from '../connection/connection.repository.js';
import { OpenedConnectors } from '../connection/opened-connectors.js';
import { SyncedPropertyRepository } from '../connection/synced-property.repository.js';
import { isSigned, readSignal } from '../connector/buildium/buildium.webhook.rules.js';
import { connectorOf } from '../connector/connectors.js';
import { RunMaker } from '../run/run-maker.js';

/** A PMS says that something changed. It is a signal: what changed is looked up. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly properties: SyncedPropertyRepository,
    private readonly opened: OpenedConnectors,
    private readonly runs: RunMaker,
    private readonly work: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async receive({ connectionId, ...signed }: ParsedInputOf<typeof receiveWebhook>): Promise<{ accepted: boolean }> {
    const connection = await this.connections.byId(connectionId);
    if (connection?.state !== 'active' || !connectorOf(connection.pms).capabilities.webhook)
      throw new DomainError('not-found', 'There is no connection here that listens.');
    const secret = this.opened.unseal(connection)['webhookSecret'];
    if (secret === undefined || !isSigned({ secret, ...signed }, this.clock.now()))
      throw new DomainError('webhook.signature', 'The signature is not right, or its time is too far off.');
    const signal = readSignal(signed.body);
    if (signal === null) return { accepted: false };
    const { orgId } = connection;
    const about = signal.properties.length === 0 ? {} : { upstreamId: { $in: [...signal.properties] } };
    await this.work.run(systemCause('pms-sync', orgId, this.ids), async (tx) => {
      for (const property of await this.properties.find({ orgId, connectionId, ...about }, { tx }))
        await this.runs.queue(tx, { property, scope: 'sweep', cause: 'webhook', startedBy: 'service:pms-sync' });
    });
    return { accepted: true };
  }
}
