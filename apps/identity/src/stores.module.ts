import { Global, Module } from '@nestjs/common';
import { AccessGuardRepository } from './access/access-guard.repository.js';
import { Afterwards } from './afterwards.js';
import { ApiKeyRepository } from './api-key/api-key.repository.js';
import { LinkRepository } from './link/link.repository.js';
import { OrganizationRepository } from './organization/organization.repository.js';
import { CredentialRepository } from './password/credential.repository.js';
import { ResidencyRepository } from './residency/residency.repository.js';
import { ResidentAccountRepository } from './resident-account/resident-account.repository.js';
import { ResidentCredentialRepository } from './resident-account/resident-credential.repository.js';
import { ResidentLinkRepository } from './resident-link/resident-link.repository.js';
import { ResidentResetRepository } from './resident-link/resident-reset.repository.js';
import { ResidentSessionRepository } from './resident-session/resident-session.repository.js';
import { ResidentViewRepository } from './resident-view/resident-view.repository.js';
import { RoleRepository } from './role/role.repository.js';
import { SessionRepository } from './session/session.repository.js';
import { ResetRequestRepository } from './sign-in/reset-request.repository.js';
import { StaffRepository } from './staff/staff.repository.js';
import { ThrottleRepository } from './throttle/throttle.repository.js';

const stores = [
  AccessGuardRepository,
  Afterwards,
  ApiKeyRepository,
  CredentialRepository,
  LinkRepository,
  OrganizationRepository,
  ResetRequestRepository,
  ResidencyRepository,
  ResidentAccountRepository,
  ResidentCredentialRepository,
  ResidentLinkRepository,
  ResidentResetRepository,
  ResidentSessionRepository,
  ResidentViewRepository,
  RoleRepository,
  SessionRepository,
  StaffRepository,
  ThrottleRepository,
];

/** What the features keep. Repositories know nothing of each other, so that features may read what others keep without a circle. */
@Global()
@Module({ providers: stores, exports: stores })
export class StoresModule {}
