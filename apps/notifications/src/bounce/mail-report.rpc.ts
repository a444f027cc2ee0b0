import { receiveMailReports, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { MailReportService } from './mail-report.service.js';

@Controller()
export class MailReportRpc {
  constructor(private readonly reports: MailReportService) {}

  @Rpc(receiveMailReports)
  take(input: ParsedInputOf<typeof receiveMailReports>) {
    return this.reports.take(input);
  }
}
