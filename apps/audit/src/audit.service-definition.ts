import type { ServiceDefinition } from '@leasewire/service-kit';
import { AuditModule } from './audit.module.js';
import { turnsDef } from './chain/turns.js';
import { chainsDef } from './chain/chain.repository.js';
import { entriesDef } from './chain/entry.repository.js';
import { headsDef } from './chain/head.repository.js';
import { commands } from './commands.js';
import { auditConfig } from './config.js';
import { exportPartsDef, exportsDef } from './export/export.repository.js';
import { personKeysDef } from './person/person-key.repository.js';
import { statesDef } from './record/state.repository.js';
import { retentionsDef } from './retention/retention.repository.js';
import { verificationsDef } from './verify/verification.repository.js';

export const audit = {
  name: 'audit',
  module: AuditModule,
  config: auditConfig,
  collections: [
    turnsDef,
    chainsDef,
    entriesDef,
    headsDef,
    statesDef,
    personKeysDef,
    retentionsDef,
    verificationsDef,
    exportsDef,
    exportPartsDef,
  ],
  commands,
} satisfies ServiceDefinition;
