import { balanceChanged, type PersonOutcome, type PropertyId, type UpstreamPerson } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { afterSaying, isNews } from './balance.rules.js';
import { BalanceRepository, toBalance } from './balance.repository.js';

interface Said {
  readonly person: UpstreamPerson;
  readonly outcome: PersonOutcome;
}

/** Keeps what people owe beside what was told of them, in the same transaction. */
@Injectable()
export class BalanceKeeping {
  constructor(private readonly balances: BalanceRepository) {}

  async note(
    tx: Tx,
    { propertyId, fetchedAt }: { readonly propertyId: PropertyId; readonly fetchedAt: Date },
    said: readonly Said[],
  ): Promise<void> {
    const told = said.flatMap(({ person, outcome }) =>
      person.balance && outcome.residentId !== null ? [{ person, residentId: outcome.residentId }] : [],
    );
    if (told.length === 0) return;
    const { orgId } = tx;
    const known = await this.balances.find({ orgId, _id: { $in: told.map(({ residentId }) => residentId) } }, { tx });
    const byId = new Map(known.map((doc) => [doc._id, doc]));
    for (const { person, residentId: _id } of told) {
      const was = byId.get(_id) ?? null;
      if (was && was.asOf > fetchedAt) continue;
      const next = afterSaying(was, person.balance, tx.now);
      if (!next) continue;
      const facts = { ...next, owes: next.balance.amount > 0, asOf: fetchedAt, propertyId, upstreamId: person.upstreamId };
      const saved = await (was
        ? this.balances.save(tx, { ...was, ...facts })
        : this.balances.insert(tx, { _id, orgId, ...facts }));
      if (isNews(was, next))
        tx.publish(balanceChanged, { balance: toBalance(saved), before: was?.balance ?? null }, { ...saved, propertyId });
    }
  }

  /** Nobody asks for the balances of this property any more, or nobody of it is known any more. */
  async forget(tx: Tx, propertyId: PropertyId): Promise<void> {
    await this.balances.removeMany(tx, { orgId: tx.orgId, propertyId });
  }
}
