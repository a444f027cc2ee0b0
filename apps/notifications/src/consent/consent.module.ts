import { Module } from '@nestjs/common';
import { PeopleSeen } from '../audience/people-seen.js';
import { ConsentErasure } from './consent-erasure.js';
import { ConsentLedger } from './consent-ledger.js';
import { ConsentRepository, StandingRepository } from './consent.repository.js';
import { ConsentRpc } from './consent.rpc.js';
import { ConsentService } from './consent.service.js';

@Module({
  controllers: [ConsentErasure, ConsentRpc],
  providers: [ConsentLedger, ConsentRepository, ConsentService, PeopleSeen, StandingRepository],
  exports: [ConsentLedger, StandingRepository],
})
export class ConsentModule {}
