import { getImportProgress, importResidents, previewImportMode, setImportMode, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ImportModeService } from './import-mode.service.js';
import { ImportService } from './import.service.js';

@Controller()
export class ImportRpc {
  constructor(
    private readonly imports: ImportService,
    private readonly modes: ImportModeService,
  ) {}

  @Rpc(importResidents)
  async import(input: ParsedInputOf<typeof importResidents>, call: Call) {
    return this.imports.start(input, call);
  }

  @Rpc(getImportProgress)
  async summary({ propertyId }: ParsedInputOf<typeof getImportProgress>, call: Call) {
    return this.modes.summary(propertyId, call);
  }

  @Rpc(previewImportMode)
  async preview(input: ParsedInputOf<typeof previewImportMode>, call: Call) {
    return this.modes.preview(input, call);
  }

  @Rpc(setImportMode)
  async setMode(input: ParsedInputOf<typeof setImportMode>, call: Call) {
    return this.modes.set(input, call);
  }
}
