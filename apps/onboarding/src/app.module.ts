import { Module } from '@nestjs/common';
import { AccountClosing } from './account/account-closing.js';
import { AccountDates } from './account/account-dates.js';
import { AccountFeed } from './account/account-feed.js';
import { AccountKeeper } from './account/account-keeper.js';
import { AccountRepository } from './account/account.repository.js';
import { AccountSubscriber } from './account/account.subscriber.js';
import { Erasure } from './account/erasure.js';
import { ActivationRpc } from './activation/activation.rpc.js';
import { ActivationService } from './activation/activation.service.js';
import { LinkRequestRepository } from './activation/link-request.repository.js';
import { LinkRequests } from './activation/link-request.service.js';
import { NoReminders } from './activation/no-reminders.js';
import { StaffAlerts } from './alert/staff-alerts.js';
import { AutomaticImports } from './community/automatic-imports.js';
import { Communities } from './community/communities.js';
import { CommunityRepository } from './community/community.repository.js';
import { ExportPartRepository } from './export/export.repository.js';
import { ExportService } from './export/export.service.js';
import { DirectoryImports } from './go-live/directory-imports.js';
import { GoLiveEstimates } from './go-live/go-live-estimates.js';
import { GoLiveItems } from './go-live/go-live-items.js';
import { GoLiveListService } from './go-live/go-live-list.service.js';
import { GoLiveOutcomeRepository } from './go-live/go-live-outcome.repository.js';
import { GoLiveRun } from './go-live/go-live-run.js';
import { GoLiveWithdrawals } from './go-live/go-live-withdrawals.js';
import { GoLivePersonRepository, GoLiveRepository } from './go-live/go-live.repository.js';
import { GoLiveRpc } from './go-live/go-live.rpc.js';
import { GoLiveService } from './go-live/go-live.service.js';
import { ServiceStarts } from './go-live/service-starts.js';
import { InvitationListService } from './invitation/invitation-list.service.js';
import { InvitationMails } from './invitation/invitation-mail.js';
import { InvitationRepository } from './invitation/invitation.repository.js';
import { InvitationRpc } from './invitation/invitation.rpc.js';
import { Inviter } from './invitation/inviter.js';
import { MailOutcomes } from './invitation/mail-outcomes.js';
import { MailWithdrawals } from './invitation/mail-withdrawals.js';
import { MailSubscriber } from './invitation/mail.subscriber.js';
import { ResendService } from './invitation/resend.service.js';
import { SuppressedRepository } from './invitation/suppression.repository.js';
import { WelcomeTexts } from './invitation/welcome-texts.js';
import { LinkKeys } from './link/link-key.repository.js';
import { NewcomerDigestRepository, NewcomerRepository } from './newcomer/newcomer.repository.js';
import { Newcomers } from './newcomer/newcomers.js';
import { ReportService } from './report/report.service.js';
import { RetimingRepository } from './settings/retiming.repository.js';
import { Retimings } from './settings/retimings.js';
import { SettingsRepository } from './settings/settings.repository.js';
import { SettingsRpc } from './settings/settings.rpc.js';
import { SettingsService } from './settings/settings.service.js';
import { PeopleReadModel } from './snapshot/people.read-model.js';
import { SnapshotRpc } from './snapshot/snapshot.rpc.js';
import { TermsRepository } from './terms/terms.repository.js';
import { TermsService } from './terms/terms.service.js';

const stores = [
  AccountRepository,
  CommunityRepository,
  ExportPartRepository,
  GoLiveOutcomeRepository,
  GoLivePersonRepository,
  GoLiveRepository,
  InvitationRepository,
  LinkKeys,
  LinkRequestRepository,
  NewcomerDigestRepository,
  NewcomerRepository,
  RetimingRepository,
  SettingsRepository,
  SuppressedRepository,
  TermsRepository,
];

/** Accounts, invitations and Go Lives are one flow in several folders: each needs the next, so they are one module. */
@Module({
  controllers: [AccountSubscriber, ActivationRpc, GoLiveRpc, InvitationRpc, MailSubscriber, SettingsRpc, SnapshotRpc],
  providers: [
    ...stores,
    AccountClosing,
    AccountDates,
    AccountFeed,
    AccountKeeper,
    ActivationService,
    AutomaticImports,
    Communities,
    DirectoryImports,
    Erasure,
    ExportService,
    GoLiveEstimates,
    GoLiveItems,
    GoLiveListService,
    GoLiveRun,
    GoLiveService,
    GoLiveWithdrawals,
    InvitationListService,
    InvitationMails,
    Inviter,
    LinkRequests,
    MailOutcomes,
    MailWithdrawals,
    Newcomers,
    NoReminders,
    PeopleReadModel,
    ReportService,
    ResendService,
    Retimings,
    ServiceStarts,
    StaffAlerts,
    SettingsService,
    TermsService,
    WelcomeTexts,
  ],
})
export class AppModule {}
