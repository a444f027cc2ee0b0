import { Module } from '@nestjs/common';
import { ApiKeyModule } from './api-key/api-key.module.js';
import { ClosingModule } from './closing/closing.module.js';
import { HeartbeatModule } from './heartbeat/heartbeat.module.js';
import { LinkModule } from './link/link.module.js';
import { MailModule } from './mail/mail.module.js';
import { OrganizationModule } from './organization/organization.module.js';
import { PasswordModule } from './password/password.module.js';
import { ResidencyModule } from './residency/residency.module.js';
import { ResidentAccountModule } from './resident-account/resident-account.module.js';
import { ResidentLinkModule } from './resident-link/resident-link.module.js';
import { ResidentNoticeModule } from './resident-notice/resident-notice.module.js';
import { ResidentSessionModule } from './resident-session/resident-session.module.js';
import { ResidentSignInModule } from './resident-sign-in/resident-sign-in.module.js';
import { ResidentViewModule } from './resident-view/resident-view.module.js';
import { RoleModule } from './role/role.module.js';
import { SessionModule } from './session/session.module.js';
import { SignInModule } from './sign-in/sign-in.module.js';
import { SnapshotModule } from './snapshot/snapshot.module.js';
import { StaffModule } from './staff/staff.module.js';
import { StoresModule } from './stores.module.js';
import { TwoFactorModule } from './two-factor/two-factor.module.js';

@Module({
  imports: [
    StoresModule,
    ApiKeyModule,
    ClosingModule,
    HeartbeatModule,
    LinkModule,
    MailModule,
    OrganizationModule,
    PasswordModule,
    ResidencyModule,
    ResidentAccountModule,
    ResidentLinkModule,
    ResidentNoticeModule,
    ResidentSessionModule,
    ResidentSignInModule,
    ResidentViewModule,
    RoleModule,
    SessionModule,
    SignInModule,
    SnapshotModule,
    StaffModule,
    TwoFactorModule,
  ],
})
export class AppModule {}
