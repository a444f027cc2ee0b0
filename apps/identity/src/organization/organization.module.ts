import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { LinkModule } from '../link/link.module.js';
import { PasswordModule } from '../password/password.module.js';
import { RoleModule } from '../role/role.module.js';
import { BootstrapService } from './bootstrap.service.js';
import { OrganizationRpc } from './organization.rpc.js';
import { OrganizationService } from './organization.service.js';

@Module({
  imports: [AccessModule, LinkModule, PasswordModule, RoleModule],
  controllers: [OrganizationRpc],
  providers: [BootstrapService, OrganizationService],
})
export class OrganizationModule {}
