import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { RoleRpc } from './role.rpc.js';
import { RoleService } from './role.service.js';

@Module({ imports: [AccessModule], controllers: [RoleRpc], providers: [RoleService], exports: [RoleService] })
export class RoleModule {}
