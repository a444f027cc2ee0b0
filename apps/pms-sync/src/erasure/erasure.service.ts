import type { OrgId, ResidentId } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { BalanceRepository } from '../balance/balance.repository.js';
import { HeldPersonRepository, HoldRepository } from '../hold/hold.repository.js';
import { RunOutcomeRepository } from '../run/run-outcome.repository.js';
import { UpstreamRecordRepository } from '../run/upstream-record.repository.js';

const name = 'Erased';

/**
 * Nothing of what we keep tells who they were. Their record stays without a name: while the PMS goes on showing them as it did, they
 * are unchanged, and nobody is registered again who asked to be forgotten.
 */
@Injectable()
export class Erasure {
  constructor(
    private readonly records: UpstreamRecordRepository,
    private readonly outcomes: RunOutcomeRepository,
    private readonly holds: HoldRepository,
    private readonly heldPeople: HeldPersonRepository,
    private readonly balances: BalanceRepository,
  ) {}

  async forget(tx: Tx, orgId: OrgId, residentIds: readonly ResidentId[]): Promise<void> {
    if (residentIds.length === 0) return;
    const residentId = { $in: [...residentIds] };
    const records = await this.records.find({ orgId, residentId }, { tx });
    await this.records.saveMany(
      tx,
      records.map((record) => ({ ...record, name, unit: null })),
    );
    const outcomes = await this.outcomes.find({ orgId, residentId }, { tx });
    await this.outcomes.saveMany(
      tx,
      outcomes.map((outcome) => ({ ...outcome, name, unit: null })),
    );
    const held = await this.heldPeople.find({ orgId, residentId }, { tx });
    await this.heldPeople.saveMany(
      tx,
      held.map((person) => ({ ...person, name, unit: null, person: null })),
    );
    const holds = await this.holds.find({ orgId, _id: { $in: held.map(({ holdId }) => holdId) } }, { tx });
    const theirs = new Set<string>(residentIds);
    await this.holds.saveMany(
      tx,
      holds.map((hold) => ({
        ...hold,
        people: hold.people.map((one) =>
          one.residentId !== null && theirs.has(one.residentId) ? { ...one, name, unit: null } : one,
        ),
      })),
    );
    await this.balances.removeMany(tx, { orgId, _id: residentId });
  }
}
