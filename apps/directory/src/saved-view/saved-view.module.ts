import { Module } from '@nestjs/common';
import { SavedViewRepository } from './saved-view.repository.js';
import { SavedViewRpc } from './saved-view.rpc.js';
import { SavedViewService } from './saved-view.service.js';

@Module({ controllers: [SavedViewRpc], providers: [SavedViewRepository, SavedViewService] })
export class SavedViewModule {}
