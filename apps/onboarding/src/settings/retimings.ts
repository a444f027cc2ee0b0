import type { PropertyId } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork, type DueClaimer, type Tx } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccountDates } from '../account/account-dates.js';
import { AccountRepository } from '../account/account.repository.js';
import { RetimingRepository, type RetimingDoc } from './retiming.repository.js';

const atOnce = 100;

/** Other reminders or quiet hours hold for who was invited before, too: their next dates are made anew, some at a time. */
@Injectable()
export class Retimings {
  readonly #claimer: DueClaimer<RetimingDoc>;

  constructor(
    private readonly work: UnitOfWork,
    private readonly retimings: RetimingRepository,
    private readonly accounts: AccountRepository,
    private readonly dates: AccountDates,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    this.#claimer = background.claimer<RetimingDoc>('retimings', {
      repository: retimings,
      handleAlone: (doc) => this.#some(doc),
      onGiveUp: () => Promise.resolve(), // the log says it; whatever changes an account next sets its date
    });
  }

  async begin(tx: Tx, propertyId: PropertyId): Promise<void> {
    const { orgId } = tx;
    const before = await this.retimings.findOne({ orgId, _id: propertyId }, { tx });
    const anew = { behind: null, due: dueAt(tx.now) };
    if (before === null) await this.retimings.insert(tx, { _id: propertyId, orgId, ...anew });
    else await this.retimings.save(tx, { ...before, ...anew });
    tx.afterCommit(() => {
      this.#claimer.wake();
    });
  }

  async #some({ orgId, _id: propertyId }: RetimingDoc): Promise<void> {
    await this.work.run(systemCause('onboarding', orgId, this.ids), async (tx) => {
      const { due: _due, ...row } = await this.retimings.get({ orgId, _id: propertyId }, { tx });
      const some = await this.accounts.find(
        {
          orgId,
          'members.propertyId': propertyId,
          'standing.status': { $in: ['pending-activation', 'activation-expired'] },
          ...(row.behind !== null && { _id: { $gt: row.behind } }),
        },
        { sort: { _id: 1 }, limit: atOnce, tx },
      );
      for (const account of some) await this.dates.retime(tx, account);
      const last = some.length === atOnce ? some.at(-1) : undefined;
      await this.retimings.save(tx, last ? { ...row, behind: last._id, due: dueAt(tx.now) } : { ...row, behind: null });
    });
  }
}
