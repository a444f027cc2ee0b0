import { directorySnapshot, Property, Resident, type OrgId } from '@leasewire/contracts';
import { Assertions, rebuild, RpcClient, type Ids, type SnapshotItem } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { defineCommand, IDS, type CommandContext } from '@leasewire/service-kit';
import { z } from 'zod';
import { AccountFeed } from '../account/account-feed.js';
import { Communities } from '../community/communities.js';

/** People and properties as directory has them, whatever is left of its stream. Nobody is invited by it. */
export const rebuildReadModel = defineCommand({
  name: 'read-model rebuild',
  describe: 'Read all properties and people of directory again; accounts, invitations and links stay as they are',
  args: z.object({}),
  async run(context) {
    const ids = context.get<Ids>(IDS);
    const assertions = context.get(Assertions);
    const { items, position } = await rebuild({
      caller: context.get(RpcClient),
      contract: directorySnapshot,
      via: () => ({ assertion: assertions.forService(null), correlationId: ids.next('cor') }),
      model: { apply: (some) => applied(context, some) },
    });
    context.print(`${items} properties, units and people read; directory was at ${position}.`);
  },
});

async function applied(context: CommandContext, items: readonly SnapshotItem[]): Promise<void> {
  for (const item of items) await one(context, item.orgId, item);
}

async function one(context: CommandContext, orgId: OrgId, { entity, data, epoch, version }: SnapshotItem): Promise<void> {
  const work = context.get(UnitOfWork);
  const cause = systemCause('onboarding', orgId, context.get<Ids>(IDS));
  if (entity === 'property') {
    const property = Property.parse(data);
    await work.run(cause, (tx) => context.get(Communities).keep(tx, property, { epoch, version }));
  }
  if (entity === 'resident') {
    const told = { resident: Resident.parse(data), version: { epoch, version }, imported: false };
    await work.run(cause, (tx) => context.get(AccountFeed).apply(tx, told, { quietly: true }));
  }
}
