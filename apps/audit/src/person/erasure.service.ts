import type { OrgId } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type DueClaimer } from '@leasewire/persistence';
import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
import { EntryRepository } from '../chain/entry.repository.js';
import { ExportRepository } from '../export/export.repository.js';
import { Erasures } from './erasures.js';
import type { ErasablePerson } from './erasure.rules.js';
import { PersonKeys, type PersonKeyDoc } from './person-key.repository.js';

const batch = 1000;

@Injectable()
export class ErasureService {
  readonly #claimer: DueClaimer<PersonKeyDoc>;

  constructor(
    private readonly erasures: Erasures,
    private readonly entries: EntryRepository,
    private readonly exports: ExportRepository,
    private readonly work: UnitOfWork,
    people: PersonKeys,
    background: Background,
  ) {
    this.#claimer = background.claimer<PersonKeyDoc>('forgetting', {
      repository: people.rows,
      handleAlone: ({ orgId, person }) => this.forget(orgId, person),
      // what is away is waited for, so this is a fault of ours; the words are keyed digests, and the log says it
      onGiveUp: () => Promise.resolve(),
    });
  }

  async erase(call: Call, person: ErasablePerson): Promise<boolean> {
    const erased = await this.work.run(call, (tx) => this.erasures.erase(tx, call.orgId, person));
    this.#claimer.wake();
    return erased;
  }

  /** What was made of their fields while they could be read: words of the search, and exports that wait to be fetched. */
  async forget(orgId: OrgId, person: string): Promise<void> {
    while (!(await this.entries.forgetWords(orgId, person, batch)));
    await this.exports.removeAll(orgId);
  }
}
