import { ChainHead, DomainError, OrgId } from '@leasewire/contracts';
import { defineCommand, type CommandContext } from '@leasewire/service-kit';
import { z } from 'zod';
import { ChainRepository } from './chain/chain.repository.js';
import { HeadKeys } from './chain/head-keys.js';
import { VerifyService } from './verify/verify.service.js';

const Organization = OrgId.optional().describe('Only this organization; without it, all');

const verify = defineCommand({
  name: 'verify',
  describe: 'Walk the audit chains, compare them with every signed head, and name what was changed, removed or inserted',
  args: z.object({
    org: Organization,
    head: z.string().optional().describe('A head that was exported earlier, as JSON'),
  }),
  async run(context, { org, head }) {
    const given = head === undefined ? undefined : ChainHead.parse(JSON.parse(head));
    const chains = await chainsOf(context, org ?? given?.orgId);
    let broken = 0;
    for (const orgId of chains) {
      const found = await context.get(VerifyService).verify(orgId, given?.orgId === orgId ? { head: given } : {});
      context.print(
        `${orgId}: ${found.intact ? 'intact' : 'BROKEN'}, ${found.entries} entries (${found.from} to ${found.to}), ${found.heads} heads, ${found.tookMs} ms`,
      );
      for (const fault of found.faults)
        context.print(`  ${fault.kind} at ${fault.seq}${fault.entryId ? ` (${fault.entryId})` : ''}: ${fault.message}`);
      if (!found.intact) broken += 1;
    }
    if (broken > 0) throw new DomainError('audit.broken', `${broken} of ${chains.length} chains are not what was recorded.`);
  },
});

const exportHeads = defineCommand({
  name: 'heads export',
  describe: 'Print the signed head of each chain as a JSON line, to keep elsewhere; `verify --head` compares with it later',
  args: z.object({ org: Organization }),
  async run(context, { org }) {
    for (const orgId of await chainsOf(context, org)) {
      const chain = await context.get(ChainRepository).find(orgId);
      if (chain?.head) context.print(JSON.stringify(chain.head));
    }
  },
});

const publicKey = defineCommand({
  name: 'heads key',
  describe: 'Print the public key of the signing key, for those who verify heads themselves and for LEASEWIRE_AUDIT_OLD_KEYS',
  args: z.object({}),
  run(context) {
    const keys = context.get(HeadKeys);
    context.print(`${keys.keyId} ${keys.publicKey}`);
    return Promise.resolve();
  },
});

export const commands = [verify, exportHeads, publicKey];

async function chainsOf(context: CommandContext, org: OrgId | undefined): Promise<OrgId[]> {
  return org === undefined ? context.get(ChainRepository).organizations() : [org];
}
