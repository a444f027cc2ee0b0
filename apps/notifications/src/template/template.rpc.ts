import {
  getTemplate,
  listTemplates,
  listTemplateVersions,
  previewTemplate,
  resetTemplate,
  setTemplate,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { TemplatePreview } from './template-preview.js';
import { TemplateService } from './template.service.js';

@Controller()
export class TemplateRpc {
  constructor(
    private readonly templates: TemplateService,
    private readonly previews: TemplatePreview,
  ) {}

  @Rpc(listTemplates)
  async list({ propertyId }: ParsedInputOf<typeof listTemplates>, call: Call) {
    return this.templates.list(propertyId, call);
  }

  @Rpc(getTemplate)
  async get({ name, propertyId }: ParsedInputOf<typeof getTemplate>, call: Call) {
    return this.templates.get(name, propertyId, call);
  }

  @Rpc(setTemplate)
  async set(input: ParsedInputOf<typeof setTemplate>, call: Call) {
    return this.templates.set(input, call);
  }

  @Rpc(resetTemplate)
  async reset(input: ParsedInputOf<typeof resetTemplate>, call: Call) {
    return this.templates.reset(input, call);
  }

  @Rpc(listTemplateVersions)
  async versions(input: ParsedInputOf<typeof listTemplateVersions>, call: Call) {
    return this.templates.versions(input, call);
  }

  @Rpc(previewTemplate)
  async preview(input: ParsedInputOf<typeof previewTemplate>, call: Call) {
    return this.previews.preview(input, call);
  }
}
