import { Module } from '@nestjs/common';
import { EngineModule } from '../engine.module.js';
import { Letterheads } from './letterheads.js';
import { TemplatePreview } from './template-preview.js';
import { TemplateStore } from './template-store.js';
import { TemplateTexts } from './template-texts.js';
import { SystemTextRepository, TemplateEditionRepository, TemplateRepository } from './template.repository.js';
import { TemplateRpc } from './template.rpc.js';
import { TemplateService } from './template.service.js';

@Module({
  imports: [EngineModule],
  controllers: [TemplateRpc],
  providers: [
    Letterheads,
    SystemTextRepository,
    TemplateEditionRepository,
    TemplatePreview,
    TemplateRepository,
    TemplateService,
    TemplateStore,
    TemplateTexts,
  ],
  exports: [TemplateStore, TemplateTexts],
})
export class TemplateModule {}
