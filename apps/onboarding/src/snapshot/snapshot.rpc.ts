import { DomainError, onboardingSnapshot, PersonId, type OutputOf, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, serveSnapshot, type EventBus } from '@leasewire/messaging';
import { Database, readEpoch } from '@leasewire/persistence';
import { EVENT_BUS } from '@leasewire/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { AccountRepository, toAccount } from '../account/account.repository.js';

type Data = OutputOf<typeof onboardingSnapshot>['items'][number]['data'];

/** For read models that begin with nothing. */
@Controller()
export class SnapshotRpc {
  readonly #serve: ReturnType<typeof serveSnapshot<Data>>;

  constructor(
    private readonly accounts: AccountRepository,
    private readonly db: Database,
    @Inject(EVENT_BUS) bus: EventBus,
  ) {
    this.#serve = serveSnapshot<Data>({
      position: () => bus.position('onboarding'),
      sources: [{ entity: 'account', page: (cursor, limit) => this.#page(cursor, limit) }],
    });
  }

  @Rpc(onboardingSnapshot)
  async snapshot(query: ParsedInputOf<typeof onboardingSnapshot>) {
    return this.#serve(query);
  }

  async #page(cursor: string | undefined, limit: number) {
    const after = cursor === undefined ? null : parsed(cursor);
    const [epoch, docs] = await Promise.all([readEpoch(this.db), this.accounts.after(after, limit)]);
    const items = docs.map((doc) => ({
      id: doc._id,
      orgId: doc.orgId,
      version: doc.version,
      epoch,
      data: { account: toAccount(doc) },
    }));
    return { items, nextCursor: docs.length < limit ? null : (docs.at(-1)?._id ?? null) };
  }
}

function parsed(cursor: string) {
  const { data } = PersonId.safeParse(cursor);
  if (data === undefined) throw new DomainError('cursor.invalid', 'This is no cursor of this snapshot. Begin again without one.');
  return data;
}
