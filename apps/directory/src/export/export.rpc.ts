import { readExport, startExport, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ExportService } from './export.service.js';

@Controller()
export class ExportRpc {
  constructor(private readonly exports: ExportService) {}

  @Rpc(startExport)
  async start(input: ParsedInputOf<typeof startExport>, call: Call) {
    return this.exports.start(input, call);
  }

  @Rpc(readExport)
  async read(input: ParsedInputOf<typeof readExport>, call: Call) {
    return this.exports.read(input, call);
  }
}
