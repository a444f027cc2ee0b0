import {
  getAccount,
  getInvitation,
  invitationReport,
  listAccounts,
  listInvitations,
  previewResend,
  readInvitationExport,
  resendInvitations,
  startInvitationExport,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ReportService } from '../report/report.service.js';
import { ExportService } from '../export/export.service.js';
import { InvitationListService } from './invitation-list.service.js';
import { ResendService } from './resend.service.js';

@Controller()
export class InvitationRpc {
  constructor(
    private readonly lists: InvitationListService,
    private readonly resends: ResendService,
    private readonly reports: ReportService,
    private readonly exports: ExportService,
  ) {}

  @Rpc(listInvitations)
  async list(input: ParsedInputOf<typeof listInvitations>, call: Call) {
    return this.lists.list(input, call);
  }

  @Rpc(getInvitation)
  async get({ invitationId }: ParsedInputOf<typeof getInvitation>, call: Call) {
    return this.lists.get(invitationId, call);
  }

  @Rpc(getAccount)
  async account(input: ParsedInputOf<typeof getAccount>, call: Call) {
    return this.lists.account(input, call);
  }

  @Rpc(listAccounts)
  async accounts(input: ParsedInputOf<typeof listAccounts>, call: Call) {
    return this.lists.listAccounts(input, call);
  }

  @Rpc(previewResend)
  async preview(input: ParsedInputOf<typeof previewResend>, call: Call) {
    return this.resends.preview(input, call);
  }

  @Rpc(resendInvitations)
  async resend(input: ParsedInputOf<typeof resendInvitations>, call: Call) {
    return this.resends.start(input, call);
  }

  @Rpc(invitationReport)
  async report(input: ParsedInputOf<typeof invitationReport>, call: Call) {
    return this.reports.funnel(input, call);
  }

  @Rpc(startInvitationExport)
  async startExport(input: ParsedInputOf<typeof startInvitationExport>, call: Call) {
    return this.exports.start(input, call);
  }

  @Rpc(readInvitationExport)
  async readExport(input: ParsedInputOf<typeof readInvitationExport>, call: Call) {
    return this.exports.read(input, call);
  }
}
