import { invitationBounced, type DataOf, type deliveryChanged, type InvitationId } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { AccountKeeper } from '../account/account-keeper.js';
import { Communities } from '../community/communities.js';
import { InvitationRepository, type InvitationDoc } from './invitation.repository.js';
import { invitationOfKey } from './mail-key.rules.js';
import { mailTruthOf, notArrived } from './mail-truth.rules.js';
import type { MailTruth } from './mail-truth.js';

type Delivery = DataOf<typeof deliveryChanged>['delivery'];

/** What became of mails, as notifications tells it, and what it says about a person: pending, but not reached. */
@Injectable()
export class MailOutcomes {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly keeper: AccountKeeper,
    private readonly communities: Communities,
  ) {}

  async heard(tx: Tx, delivery: Delivery): Promise<void> {
    const of = invitationOfKey(delivery.key);
    if (delivery.service !== 'onboarding' || of === null) return;
    const invitation = await this.invitations.findOne({ orgId: tx.orgId, _id: of.invitationId }, { tx });
    // a reminder is younger than the mail before it, whatever the versions of the two say
    const version = of.reminder * 1_000_000 + delivery.version;
    if (invitation === null || invitation.mail.version > version) return;
    await this.#note(tx, invitation, mailTruthOf(delivery, version));
  }

  async failed(tx: Tx, invitationId: InvitationId, reason: string): Promise<void> {
    const invitation = await this.invitations.findOne({ orgId: tx.orgId, _id: invitationId }, { tx });
    if (invitation?.state !== 'open') return;
    await this.#note(tx, invitation, { state: 'failed', reason, at: tx.now, version: invitation.mail.version });
  }

  async #note(tx: Tx, before: InvitationDoc, mail: MailTruth): Promise<void> {
    const invitation = await this.invitations.save(tx, { ...before, mail });
    const draft = await this.keeper.load(tx, tx.orgId, invitation.personId);
    if (draft.before?.invitationId !== invitation._id) return;
    // taken back together with its link is not the same as come back
    const bounced = invitation.state !== 'withdrawn' && notArrived(mail.state);
    draft.account = { ...draft.account, mail, bounced };
    if (bounced && !draft.before.bounced) draft.told.push({ contract: invitationBounced, invitation });
    const { timetable } = await this.communities.rules(tx.orgId, invitation.propertyId, tx);
    await this.keeper.save(tx, draft, timetable);
  }
}
