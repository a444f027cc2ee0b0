import { directorySnapshot } from '@leasewire/contracts';
import { defineReadModel, type ServiceDefinition } from '@leasewire/service-kit';
import { accessGuardDef } from './access/access-guard.repository.js';
import { apiKeyDef } from './api-key/api-key.repository.js';
import { AppModule } from './app.module.js';
import { reopenOrganization } from './closing/closing.commands.js';
import { identityConfig } from './config.js';
import { linkDef } from './link/link.repository.js';
import { createOrganization, seedDemo } from './organization/organization.commands.js';
import { organizationDef } from './organization/organization.repository.js';
import { credentialDef } from './password/credential.repository.js';
import { ResidencyReadModel } from './residency/residency.read-model.js';
import { residencyDef } from './residency/residency.repository.js';
import { residentAccountDef } from './resident-account/resident-account.repository.js';
import { residentCredentialDef } from './resident-account/resident-credential.repository.js';
import { residentLinkDef } from './resident-link/resident-link.repository.js';
import { residentResetDef } from './resident-link/resident-reset.repository.js';
import { residentSessionDef } from './resident-session/resident-session.repository.js';
import { residentViewDef } from './resident-view/resident-view.repository.js';
import { roleDef } from './role/role.repository.js';
import { sessionDef } from './session/session.repository.js';
import { resetRequestDef } from './sign-in/reset-request.repository.js';
import { recoverStaff } from './staff/staff.commands.js';
import { staffDef } from './staff/staff.repository.js';
import { throttleDef } from './throttle/throttle.repository.js';

export const identity = {
  name: 'identity',
  module: AppModule,
  config: identityConfig,
  readModels: [defineReadModel('residencies', directorySnapshot, ResidencyReadModel)],
  collections: [
    accessGuardDef,
    apiKeyDef,
    credentialDef,
    linkDef,
    organizationDef,
    resetRequestDef,
    residencyDef,
    residentAccountDef,
    residentCredentialDef,
    residentLinkDef,
    residentResetDef,
    residentSessionDef,
    residentViewDef,
    roleDef,
    sessionDef,
    staffDef,
    throttleDef,
  ],
  commands: [createOrganization, recoverStaff, reopenOrganization, seedDemo],
} satisfies ServiceDefinition;
