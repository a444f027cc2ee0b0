import { Module } from '@nestjs/common';
import { AttachmentPartRepository, AttachmentRepository } from './attachment/attachment.repository.js';
import { AttachmentRpc } from './attachment/attachment.rpc.js';
import { AttachmentService } from './attachment/attachment.service.js';
import { AudienceService } from './audience/audience.service.js';
import { RecipientService } from './audience/recipient.service.js';
import { MailReportRpc } from './bounce/mail-report.rpc.js';
import { MailReportService } from './bounce/mail-report.service.js';
import { ReturnDoor } from './bounce/return.door.js';
import { ReturnService } from './bounce/return.service.js';
import { SoftBounces } from './bounce/soft-bounces.js';
import { ArchivedSubscriber } from './delivery/archived.subscriber.js';
import { DeliveryEffects } from './delivery/delivery.effects.js';
import { DeliveryEventLog } from './delivery/delivery-event-log.js';
import { DeliveryEventRepository } from './delivery/delivery-event.repository.js';
import { DeliveryRpc } from './delivery/delivery.rpc.js';
import { DeliveryService } from './delivery/delivery.service.js';
import { DeliveryWriter } from './delivery/delivery-writer.js';
import { OutgoingService } from './delivery/outgoing.service.js';
import { EmailChannel } from './email/email.channel.js';
import { ErasureService } from './erasure/erasure.service.js';
import { ErasureSubscriber } from './erasure/erasure.subscriber.js';
import { KnownOrganizationRepository } from './known/known-organization.repository.js';
import { KnownPropertyRepository } from './known/known-property.repository.js';
import { KnownStaffRepository } from './known/known-staff.repository.js';
import { KnownService } from './known/known.service.js';
import { KnownSubscriber } from './known/known.subscriber.js';
import { ClosingSubscriber } from './message/closing.subscriber.js';
import { DraftService } from './message/draft.service.js';
import { HistoryService } from './message/history.service.js';
import { Launcher } from './message/launcher.js';
import { MessageRepository } from './message/message.repository.js';
import { MessageRpc } from './message/message.rpc.js';
import { MessageService } from './message/message.service.js';
import { PlanService } from './message/plan.service.js';
import { PreviewService } from './message/preview.service.js';
import { TestService } from './message/test.service.js';
import { SendRpc } from './send/send.rpc.js';
import { SendService } from './send/send.service.js';
import { SenderRepository } from './sender/sender.repository.js';
import { SenderRpc } from './sender/sender.rpc.js';
import { SenderService } from './sender/sender.service.js';
import { SuppressionModule } from './suppression/suppression.module.js';

const repositories = [
  AttachmentPartRepository,
  AttachmentRepository,
  DeliveryEventRepository,
  KnownOrganizationRepository,
  KnownPropertyRepository,
  KnownStaffRepository,
  MessageRepository,
  SenderRepository,
];
const services = [
  AttachmentService,
  AudienceService,
  DeliveryEffects,
  DeliveryEventLog,
  DeliveryService,
  DeliveryWriter,
  DraftService,
  EmailChannel,
  ErasureService,
  HistoryService,
  KnownService,
  Launcher,
  MailReportService,
  MessageService,
  OutgoingService,
  PlanService,
  PreviewService,
  RecipientService,
  ReturnDoor,
  ReturnService,
  SendService,
  SenderService,
  SoftBounces,
  TestService,
];

/** Messages and deliveries. What texts say, what people agreed to and further channels come from other modules (`app.module.ts`). */
@Module({
  imports: [SuppressionModule],
  controllers: [
    ArchivedSubscriber,
    AttachmentRpc,
    DeliveryRpc,
    ErasureSubscriber,
    ClosingSubscriber,
    KnownSubscriber,
    MailReportRpc,
    MessageRpc,
    SendRpc,
    SenderRpc,
  ],
  providers: [...repositories, ...services],
  exports: [...repositories, ...services, SuppressionModule],
})
export class EngineModule {}
