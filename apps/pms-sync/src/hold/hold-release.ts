import { Injectable } from '@nestjs/common';
import type { HoldId } from '@leasewire/contracts';
import { DirectoryClient, type ForRun } from '../run/directory-client.js';
import type { Keeper, Told } from '../run/run-keeper.js';
import { chunksOf, noCounts, type Counts } from '../run/run.rules.js';
import { UnitFlow } from '../run/unit-flow.js';
import { HeldPersonRepository, HoldRepository } from './hold.repository.js';

/** What staff let go, told to directory with the hold that it was approved by. */
@Injectable()
export class HoldRelease {
  constructor(
    private readonly holds: HoldRepository,
    private readonly people: HeldPersonRepository,
    private readonly directory: DirectoryClient,
    private readonly units: UnitFlow,
  ) {}

  async release(
    run: ForRun,
    holdId: HoldId,
    { people: upstreamIds, units }: { readonly people: readonly string[]; readonly units: readonly string[] },
    keeper: Keeper,
  ): Promise<Counts> {
    const { orgId } = run;
    const hold = await this.holds.get({ orgId, _id: holdId });
    const counts = { ...noCounts };
    for (const ids of chunksOf(upstreamIds, 100)) {
      const held = await this.people.find({ orgId, holdId, upstreamId: { $in: ids } });
      const present = held.flatMap(({ person }) => person ?? []);
      const absent = held.flatMap(({ person, upstreamId }) => (person === null ? [upstreamId] : []));
      if (held.length === 0) continue;
      const { outcomes } = await this.directory.apply(
        { ...run, fetchedAt: hold.fetchedAt },
        { scope: 'sweep', present, absent, confirmed: holdId },
      );
      const byId = new Map(outcomes.map((outcome) => [outcome.upstreamId, outcome]));
      for (const { outcome } of outcomes) counts[outcome] += 1;
      const told = present.flatMap((person): Told[] => {
        const outcome = byId.get(person.upstreamId);
        return outcome ? [{ person, outcome, skipped: null }] : [];
      });
      const gone = absent.flatMap((id) => byId.get(id) ?? []);
      await keeper.told(told, gone);
    }
    await this.units.release({ ...run, fetchedAt: hold.fetchedAt }, units);
    return counts;
  }
}
