import { identitySnapshot } from '@leasewire/contracts';
import { dropsIndexes } from '@leasewire/persistence';
import { defineReadModel, type ServiceDefinition } from '@leasewire/service-kit';
import { alertChoiceDef, alertDef, alertDigestDef, knownRoleDef } from './alert/alert.repository.js';
import { KnownRoles } from './alert/known-roles.js';
import { AppModule } from './app.module.js';
import { attachmentDef, attachmentPartDef } from './attachment/attachment.repository.js';
import { notificationsConfig } from './config.js';
import { consentDef, standingDef } from './consent/consent.repository.js';
import { deliveryEventDef } from './delivery/delivery-event.repository.js';
import { deliveryDef } from './delivery/delivery.repository.js';
import { inboundTextDef } from './hooks/inbound-text.repository.js';
import { knownOrganizationDef } from './known/known-organization.repository.js';
import { knownPropertyDef } from './known/known-property.repository.js';
import { knownStaffDef } from './known/known-staff.repository.js';
import { messageDef } from './message/message.repository.js';
import { senderDef } from './sender/sender.repository.js';
import { accountHoldDef } from './sms/account-hold.repository.js';
import { smsTryDef } from './sms/sms-try.repository.js';
import { systemTextDef, templateDef, templateEditionDef } from './template/template.repository.js';
import { suppressionDef } from './suppression/suppression.repository.js';

export const notifications = {
  name: 'notifications',
  module: AppModule,
  config: notificationsConfig,
  readModels: [defineReadModel('staff', identitySnapshot, KnownRoles)],
  migrations: [dropsIndexes('2026-11-30-texts-indexed-by-value', [deliveryDef, deliveryEventDef, messageDef])],
  collections: [
    accountHoldDef,
    alertChoiceDef,
    alertDef,
    alertDigestDef,
    attachmentDef,
    attachmentPartDef,
    consentDef,
    deliveryDef,
    deliveryEventDef,
    inboundTextDef,
    knownOrganizationDef,
    knownPropertyDef,
    knownRoleDef,
    knownStaffDef,
    messageDef,
    senderDef,
    smsTryDef,
    standingDef,
    suppressionDef,
    systemTextDef,
    templateDef,
    templateEditionDef,
  ],
} satisfies ServiceDefinition;
