import { accountChanged, type Account, type invitationSent, type OrgId, type PersonId } from '@leasewire/contracts';
import { dueAt, type New, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { toInvitation, type InvitationDoc } from '../invitation/invitation.repository.js';
import { nextStep, type Timetable } from '../invitation/timetable.rules.js';
import { AccountRepository, newAccount, toAccount, type AccountDoc } from './account.repository.js';

/** An account as it is being changed in a transaction, and what is to be told when it is saved. */
export interface Draft {
  account: AccountDoc | New<AccountDoc>;
  readonly before: AccountDoc | null;
  readonly told: { readonly contract: typeof invitationSent; readonly invitation: InvitationDoc }[];
}

/** The only place that writes an account: whatever changed it, its next date follows, and others hear of it. */
@Injectable()
export class AccountKeeper {
  constructor(private readonly accounts: AccountRepository) {}

  async load(tx: Tx, orgId: OrgId, personId: PersonId): Promise<Draft> {
    const before = await this.accounts.findOne({ orgId, _id: personId }, { tx });
    return { account: before ?? newAccount(orgId, personId), before, told: [] };
  }

  draftOf(before: AccountDoc): Draft {
    return { account: before, before, told: [] };
  }

  async save(tx: Tx, { account, before, told }: Draft, timetable: Timetable): Promise<AccountDoc> {
    const next = nextStep(account, timetable, tx.now);
    const { due: _due, ...rest } = account;
    const doc = { ...rest, ...(next !== null && { due: dueAt(next.at) }) };
    const saved = isKept(doc) ? await this.accounts.save(tx, doc) : await this.accounts.insert(tx, doc);
    const view = toAccount(saved);
    for (const { contract, invitation } of told)
      tx.publish(
        contract,
        { invitation: toInvitation(invitation), account: view },
        { ...about(saved), propertyId: invitation.propertyId },
      );
    if (before === null || differs(toAccount(before), view)) tx.publish(accountChanged, { account: view }, about(saved));
    return saved;
  }
}

const isKept = (doc: AccountDoc | New<AccountDoc>): doc is AccountDoc => 'version' in doc;
const about = ({ _id, version, orgId }: AccountDoc) => ({ _id, version, orgId });

/** Versions and dates of change aside. */
function differs(a: Account, b: Account): boolean {
  const facts = ({ version: _version, updatedAt: _updatedAt, ...rest }: Account): string => JSON.stringify(rest);
  return facts(a) !== facts(b);
}
