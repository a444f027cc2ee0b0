import { directorySnapshot } from '@leasewire/contracts';
import { defineReadModel, type ServiceDefinition } from '@leasewire/service-kit';
import { accountDef } from './account/account.repository.js';
import { linkRequestDef } from './activation/link-request.repository.js';
import { AppModule } from './app.module.js';
import { communityDef } from './community/community.repository.js';
import { onboardingConfig } from './config.js';
import { exportPartDef } from './export/export.repository.js';
import { goLiveOutcomeDef } from './go-live/go-live-outcome.repository.js';
import { goLiveDef, goLivePersonDef } from './go-live/go-live.repository.js';
import { invitationDef } from './invitation/invitation.repository.js';
import { suppressedDef } from './invitation/suppression.repository.js';
import { linkKeyDef } from './link/link-key.repository.js';
import { newcomerDef, newcomerDigestDef } from './newcomer/newcomer.repository.js';
import { retimingDef } from './settings/retiming.repository.js';
import { settingsDef } from './settings/settings.repository.js';
import { PeopleReadModel } from './snapshot/people.read-model.js';
import { termsDef } from './terms/terms.repository.js';

export const onboarding = {
  name: 'onboarding',
  module: AppModule,
  config: onboardingConfig,
  readModels: [defineReadModel('people', directorySnapshot, PeopleReadModel)],
  collections: [
    accountDef,
    communityDef,
    exportPartDef,
    goLiveDef,
    goLiveOutcomeDef,
    goLivePersonDef,
    invitationDef,
    linkKeyDef,
    linkRequestDef,
    newcomerDef,
    newcomerDigestDef,
    retimingDef,
    settingsDef,
    suppressedDef,
    termsDef,
  ],
} satisfies ServiceDefinition;
