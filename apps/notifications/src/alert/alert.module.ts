import { Module } from '@nestjs/common';
import { EngineModule } from '../engine.module.js';
import { TemplateModule } from '../template/template.module.js';
import { AlertChoiceService } from './alert-choice.service.js';
import { AlertDigests } from './alert-digests.js';
import { AlertMails } from './alert-mail.js';
import { AlertChoiceRepository, AlertDigestRepository, AlertRepository, KnownRoleRepository } from './alert.repository.js';
import { AlertRpc } from './alert.rpc.js';
import { AlertService } from './alert.service.js';
import { AlertSubscriber } from './alert.subscriber.js';
import { DeadLetterWatch } from './dead-letter-watch.js';
import { KnownRoles } from './known-roles.js';
import { UnknownAlert } from './unknown-alert.js';

@Module({
  imports: [EngineModule, TemplateModule],
  controllers: [AlertRpc, AlertSubscriber],
  providers: [
    AlertChoiceRepository,
    AlertChoiceService,
    AlertDigestRepository,
    AlertDigests,
    AlertMails,
    AlertRepository,
    AlertService,
    DeadLetterWatch,
    KnownRoleRepository,
    KnownRoles,
    UnknownAlert,
  ],
})
export class AlertModule {}
