import { Module } from '@nestjs/common';
import { SnapshotRpc } from './snapshot.rpc.js';

@Module({ controllers: [SnapshotRpc] })
export class SnapshotModule {}
