import {
  DomainError,
  type Account,
  type getAccount,
  type Invitation,
  type InvitationId,
  type listAccounts,
  type listInvitations,
  type OutputOf,
  type ParsedInputOf,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { AccountRepository, toAccount } from '../account/account.repository.js';
import { assertSees, sees, visibleIn } from '../property-scope.rules.js';
import { InvitationRepository, toInvitation } from './invitation.repository.js';

/** What staff look at. */
@Injectable()
export class InvitationListService {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly accounts: AccountRepository,
  ) {}

  async list(input: ParsedInputOf<typeof listInvitations>, call: Call): Promise<OutputOf<typeof listInvitations>> {
    const { propertyId, personId, residentId, state, mail, expiresBefore, limit, cursor, withTotal } = input;
    const properties = visibleIn(call.actor, propertyId);
    if (properties === null) return { items: [], nextCursor: null };
    const filter = {
      orgId: call.orgId,
      ...(properties !== 'all' && { propertyId: properties }),
      ...(personId !== undefined && { personId }),
      ...(residentId !== undefined && { residentId }),
      ...(state !== undefined && { state: { $in: state } }),
      ...(mail !== undefined && { 'mail.state': { $in: mail } }),
      ...(expiresBefore !== undefined && { expiresAt: { $lt: new Date(expiresBefore) } }),
    };
    const options = { sort: { createdAt: -1, _id: -1 } as const, limit, cursor, withTotal: withTotal ?? false };
    const page = await this.invitations.page(filter, options);
    return { ...page, items: page.items.map(toInvitation) };
  }

  async get(_id: InvitationId, call: Call): Promise<Invitation> {
    const doc = await this.invitations.get({ orgId: call.orgId, _id });
    assertSees(call.actor, doc.propertyId, 'invitation');
    return toInvitation(doc);
  }

  async account({ personId }: ParsedInputOf<typeof getAccount>, call: Call): Promise<Account> {
    const doc = await this.accounts.get({ orgId: call.orgId, _id: personId });
    if (!doc.members.some((member) => sees(call.actor, member.propertyId)))
      throw new DomainError('not-found', 'There is no such person here, or you may not see them.');
    return this.#seen(toAccount(doc), call);
  }

  async listAccounts(input: ParsedInputOf<typeof listAccounts>, call: Call): Promise<OutputOf<typeof listAccounts>> {
    const { propertyId, status, bounced, limit, cursor, withTotal } = input;
    const properties = visibleIn(call.actor, propertyId);
    if (properties === null) return { items: [], nextCursor: null };
    const filter = {
      orgId: call.orgId,
      ...(properties !== 'all' && { 'members.propertyId': properties }),
      ...(status !== undefined && { 'standing.status': { $in: status } }),
      ...(bounced !== undefined && { bounced }),
    };
    const page = await this.accounts.page(filter, { sort: { _id: 1 }, limit, cursor, withTotal: withTotal ?? false });
    return { ...page, items: page.items.map((doc) => this.#seen(toAccount(doc), call)) };
  }

  /** Where else somebody lives is not for those who do not see that property. */
  #seen(account: Account, { actor }: Call): Account {
    return { ...account, residents: account.residents.filter(({ propertyId }) => sees(actor, propertyId)) };
  }
}
