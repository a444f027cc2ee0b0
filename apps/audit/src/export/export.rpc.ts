import { readAuditExport, startAuditExport, type OutputOf, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ExportService } from './export.service.js';

@Controller()
export class ExportRpc {
  constructor(private readonly exports: ExportService) {}

  @Rpc(startAuditExport)
  start(input: ParsedInputOf<typeof startAuditExport>, call: Call): Promise<OutputOf<typeof startAuditExport>> {
    return this.exports.start(call, input);
  }

  @Rpc(readAuditExport)
  read(input: ParsedInputOf<typeof readAuditExport>, call: Call): Promise<OutputOf<typeof readAuditExport>> {
    return this.exports.read(call, input.jobId, input.part);
  }
}
