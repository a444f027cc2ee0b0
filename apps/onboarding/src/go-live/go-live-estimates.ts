import { createHash, createHmac } from 'node:crypto';
import type { NoWelcomeReason, OrgId, PropertyId, UserType } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import { AccountRepository, type AccountDoc, type MemberDoc } from '../account/account.repository.js';
import { Communities, type PropertyRules } from '../community/communities.js';
import { SuppressedRepository } from '../invitation/suppression.repository.js';
import { WelcomeTexts } from '../invitation/welcome-texts.js';
import { welcomeOf } from '../invitation/welcome.rules.js';
import { LinkKeys } from '../link/link-key.repository.js';
import { isCandidate, type Candidate } from './estimate.rules.js';

export interface Pinned extends Candidate {
  readonly account: AccountDoc;
  readonly member: MemberDoc;
}
const together = 500;
const askedTogether = 10;

/** Who would be imported and mailed now: the people, and the rules that it rests on. */
@Injectable()
export class GoLiveEstimates {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly communities: Communities,
    private readonly suppressed: SuppressedRepository,
    private readonly texts: WelcomeTexts,
    private readonly keys: LinkKeys,
  ) {}

  async rulesOf(orgId: OrgId, propertyIds: readonly PropertyId[]): Promise<ReadonlyMap<PropertyId, PropertyRules>> {
    const rules = new Map<PropertyId, PropertyRules>();
    for (const id of propertyIds) {
      await this.communities.known(orgId, id);
      rules.set(id, await this.communities.rules(orgId, id));
    }
    return rules;
  }

  /** In the order of people, so that of somebody with several homes always the same one is the one that is mailed. */
  async people(
    orgId: OrgId,
    rules: ReadonlyMap<PropertyId, PropertyRules>,
    userTypes: readonly UserType[],
    now: Date,
  ): Promise<Pinned[]> {
    const found: Pinned[] = [];
    let some: AccountDoc[] = [];
    const all = this.accounts.stream({ orgId, 'members.propertyId': { $in: [...rules.keys()] } }, { sort: { _id: 1 } });
    for await (const account of all) {
      some.push(account);
      if (some.length < together) continue;
      found.push(...(await this.#judge(orgId, some, rules, userTypes, now)));
      some = [];
    }
    return [...found, ...(await this.#judge(orgId, some, rules, userTypes, now))];
  }

  async #judge(
    orgId: OrgId,
    accounts: readonly AccountDoc[],
    rules: ReadonlyMap<PropertyId, PropertyRules>,
    userTypes: readonly UserType[],
    now: Date,
  ): Promise<Pinned[]> {
    const emails = accounts.flatMap(({ members }) => members.flatMap(({ email }) => email ?? []));
    const suppressed = await this.suppressed.among(orgId, emails);
    return accounts.flatMap((account) => {
      let mailed = false;
      return account.members.flatMap((member): Pinned[] => {
        const own = rules.get(member.propertyId);
        if (own === undefined || !isCandidate(member, propertyOf(own), userTypes)) return [];
        const { perPersonPerDay } = own.settings;
        const welcome = welcomeOf(account, member, { now, perPersonPerDay, suppressed, again: false, asImported: true });
        const reason: NoWelcomeReason | null = welcome.send ? (mailed ? 'already-invited' : null) : welcome.reason;
        mailed ||= welcome.send;
        return [{ account, member, reason }];
      });
    });
  }

  /** Of everything a person confirmed beside the people themselves. */
  async basis(orgId: OrgId, rules: ReadonlyMap<PropertyId, PropertyRules>): Promise<string> {
    const hash = createHash('sha256');
    const all = [...rules];
    for (let from = 0; from < all.length; from += askedTogether) {
      const some = all.slice(from, from + askedTogether);
      const texts = await Promise.all(some.map(([propertyId]) => this.texts.of(orgId, propertyId)));
      for (const [n, [propertyId, { community, settings }]] of some.entries()) {
        const { validForSeconds, newPeople, perPersonPerDay, quietHours } = settings;
        const said = [propertyId, community.kind, validForSeconds, newPeople, perPersonPerDay, quietHours, texts[n]];
        hash.update(JSON.stringify(said));
      }
    }
    return hash.digest('base64url');
  }

  async token(orgId: OrgId, goLiveId: string, basis: string): Promise<string> {
    const key = await this.keys.of(orgId);
    return createHmac('sha256', key)
      .update(JSON.stringify(['go-live', orgId, goLiveId, basis]))
      .digest('base64url');
  }
}

export const propertyOf = ({ community, settings }: PropertyRules) => ({
  kind: community.kind,
  started: community.started,
  newPeople: settings.newPeople,
});
