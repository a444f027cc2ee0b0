import { Background } from '@leasewire/service-kit';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ChainRepository, type ChainDoc } from './chain.repository.js';
import { Heads } from './heads.js';
import { HeadsFile } from './heads-file.js';

/** Announces heads when they are due, whichever replica they were signed by, and keeps the file of this one. */
@Injectable()
export class HeadAnnouncer implements OnModuleDestroy {
  constructor(
    chains: ChainRepository,
    heads: Heads,
    private readonly file: HeadsFile,
    background: Background,
  ) {
    background.add('heads-file', { start: () => file.open(), stop: () => undefined });
    background.claimer<ChainDoc>('heads', {
      repository: chains.rows,
      handleAlone: ({ orgId }) => heads.announce(orgId),
      // the next entry makes it due again
      onGiveUp: () => Promise.resolve(),
    });
  }

  /** Not with the other workers: what is recorded while the service ends is still noted. */
  async onModuleDestroy(): Promise<void> {
    await this.file.close();
  }
}
