import { Module } from '@nestjs/common';
import { ApiKeyModule } from './api-key/api-key.module.js';
import { HeartbeatModule } from './heartbeat/heartbeat.module.js';
import { LinkModule } from './link/link.module.js';
import { MailModule } from './mail/mail.module.js';
import { OrganizationModule } from './organization/organization.module.js';
import { PasswordModule } from './password/password.module.js';
import { ResidentAccountModule } from './resident-account/resident-account.module.js';
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
    HeartbeatModule,
    LinkModule,
    MailModule,
    OrganizationModule,
    PasswordModule,
    ResidentAccountModule,
    RoleModule,
    SessionModule,
    SignInModule,
    SnapshotModule,
    StaffModule,
    TwoFactorModule,
  ],
})
export class AppModule {}
