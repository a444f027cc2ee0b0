import { resolveAudience, type PersonId } from '@leasewire/contracts';
import { Assertions, RpcClient, type Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';

/** Staff who may not see every property speak only for who lives in theirs. */
@Injectable()
export class PeopleSeen {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  /** Whether that is where this person is reached, in a property that whoever calls may see. */
  async isTheirs({ orgId, actor, correlationId }: Call, personId: PersonId | null, address: string): Promise<boolean> {
    if (actor.properties === 'all') return true;
    if (personId === null) return false;
    const options = { assertion: this.assertions.forService(orgId), correlationId };
    const asked = { selection: { personIds: [personId] }, properties: actor.properties, limit: 100 };
    const { items } = await this.rpc.call(resolveAudience, asked, options);
    return items.some(({ email, phone }) => email?.toLowerCase() === address.toLowerCase() || phone === address);
  }
}
