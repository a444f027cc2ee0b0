import type { Channel, MessageCategory, OrgId, PersonId } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import type { Standing } from '../compose/category.rules.js';

export interface Consulted {
  readonly personId: PersonId | null;
  readonly address: string;
}

/** What people said about being written to. */
export abstract class Consents {
  /** In the order of `people`. */
  abstract standings(
    of: { readonly orgId: OrgId; readonly category: MessageCategory; readonly channel: Channel },
    people: readonly Consulted[],
  ): Promise<readonly Standing[]>;
  /** Where this recipient ends messages of this category; null: they cannot be ended, or there is nothing to end them with. */
  abstract unsubscribe(of: {
    readonly orgId: OrgId;
    readonly category: MessageCategory;
    readonly channel: Channel;
    readonly personId: PersonId | null;
    readonly address: string;
  }): { readonly page: string; readonly oneClick: string } | null;
}

/** Nobody has said anything. */
@Injectable()
export class NoConsents extends Consents {
  override standings(_of: unknown, people: readonly Consulted[]): Promise<readonly Standing[]> {
    return Promise.resolve(people.map(() => ({ consent: null })));
  }
  override unsubscribe(): null {
    return null;
  }
}
