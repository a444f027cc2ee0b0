import { CONFIG, Logger } from '@leasewire/service-kit';
import { Module } from '@nestjs/common';
import { ChainRepository } from './chain/chain.repository.js';
import { EntryRepository } from './chain/entry.repository.js';
import { HeadAnnouncer } from './chain/head-announcer.js';
import { HeadKeys } from './chain/head-keys.js';
import { HeadRepository } from './chain/head.repository.js';
import { HeadsFile } from './chain/heads-file.js';
import { Heads } from './chain/heads.js';
import { Turns } from './chain/turns.js';
import { Sealer } from './chain/sealer.js';
import type { AuditConfig } from './config.js';
import { EntriesRpc } from './entries/entries.rpc.js';
import { EntriesService } from './entries/entries.service.js';
import { ExportRepository } from './export/export.repository.js';
import { ExportRpc } from './export/export.rpc.js';
import { ExportService } from './export/export.service.js';
import { ErasureRpc } from './person/erasure.rpc.js';
import { ErasureService } from './person/erasure.service.js';
import { Erasures } from './person/erasures.js';
import { PersonKeys } from './person/person-key.repository.js';
import { RecordSubscriber } from './record/record.subscriber.js';
import { Recorder } from './record/recorder.js';
import { StateRepository } from './record/state.repository.js';
import { RetentionRepository } from './retention/retention.repository.js';
import { RetentionRpc } from './retention/retention.rpc.js';
import { RetentionService } from './retention/retention.service.js';
import { ChainReader } from './verify/chain-reader.js';
import { VerificationRepository } from './verify/verification.repository.js';
import { Verifier } from './verify/verifier.js';
import { VerifyRpc } from './verify/verify.rpc.js';
import { VerifyService } from './verify/verify.service.js';

const headKeys = {
  provide: HeadKeys,
  inject: [CONFIG],
  useFactory: (config: AuditConfig) => new HeadKeys(config.LEASEWIRE_AUDIT_SIGNING_KEY, config.LEASEWIRE_AUDIT_OLD_KEYS),
};
const headsFile = {
  provide: HeadsFile,
  inject: [CONFIG, Logger],
  useFactory: (config: AuditConfig, log: Logger) => new HeadsFile(config.LEASEWIRE_AUDIT_HEADS_FILE, log),
};

@Module({
  controllers: [RecordSubscriber, EntriesRpc, VerifyRpc, RetentionRpc, ErasureRpc, ExportRpc],
  providers: [
    Turns,
    ChainRepository,
    EntryRepository,
    HeadRepository,
    StateRepository,
    PersonKeys,
    RetentionRepository,
    VerificationRepository,
    ExportRepository,
    headKeys,
    headsFile,
    Heads,
    HeadAnnouncer,
    Sealer,
    Recorder,
    EntriesService,
    ChainReader,
    Verifier,
    VerifyService,
    RetentionService,
    Erasures,
    ErasureService,
    ExportService,
  ],
})
export class AuditModule {}
