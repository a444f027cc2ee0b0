import type { EmailAddress, OrgId, OutputOf, PersonId, showResidentLink } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { dueAt, SecretBox, type Tx } from '@leasewire/persistence';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { assertOpen, hashLinkToken, newLinkToken, validForMs } from '../link/link.rules.js';
import { OrganizationRepository } from '../organization/organization.repository.js';
import { ResidentAccountRepository, type ResidentAccountDoc } from '../resident-account/resident-account.repository.js';
import {
  ResidentLinkRepository,
  residentLinkDef,
  type ResidentLinkDoc,
  type ResidentLinkPurpose,
} from './resident-link.repository.js';
import { ResidentMailer } from './resident-mailer.js';

const keepMs = 30 * 86_400_000;

interface What {
  readonly purpose: ResidentLinkPurpose;
  readonly email: z.output<typeof EmailAddress>;
  readonly requestId?: string;
}

/** Links that residents are mailed: made here, mailed afterwards, and of no use once used, replaced or out of time. */
@Injectable()
export class ResidentLinkService {
  constructor(
    private readonly links: ResidentLinkRepository,
    private readonly accounts: ResidentAccountRepository,
    private readonly organizations: OrganizationRepository,
    private readonly box: SecretBox,
    private readonly mailer: ResidentMailer,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** A new link; older ones of its kind hold no more. It is mailed after the commit. */
  async issue(tx: Tx, { orgId, _id: personId }: ResidentAccountDoc, { purpose, email, requestId }: What): Promise<void> {
    await this.replaceOpen(tx, { orgId, personId }, purpose);
    const token = newLinkToken();
    const expiresAt = new Date(tx.now.getTime() + validForMs[purpose]);
    await this.links.insert(tx, {
      _id: this.ids.next('inv'),
      orgId,
      personId,
      purpose,
      email,
      hash: hashLinkToken(token),
      token: this.box.seal(token, tokenPlace(orgId)),
      requestId: requestId ?? null,
      expiresAt,
      life: { state: 'open' },
      due: dueAt(tx.now),
      purgeAt: new Date(expiresAt.getTime() + keepMs),
    });
    tx.afterCommit(() => {
      this.mailer.wake();
    });
  }

  async replaceOpen(
    tx: Tx,
    { orgId, personId }: { orgId: OrgId; personId: PersonId },
    purpose?: ResidentLinkPurpose,
  ): Promise<void> {
    const open = await this.links.openOf(tx, orgId, personId);
    await this.links.saveMany(
      tx,
      open
        .filter((link) => purpose === undefined || link.purpose === purpose)
        .map((link) => ({ ...link, token: null, due: undefined, life: { state: 'replaced' as const, at: tx.now } })),
    );
  }

  /** Changes nothing: mail scanners open every link they see. */
  async show(token: string): Promise<OutputOf<typeof showResidentLink>> {
    const { link, account } = await this.behind(token);
    const organization = await this.organizations.of(link.orgId);
    return {
      purpose: link.purpose,
      personId: account._id,
      email: link.email,
      name: account.name,
      locale: account.locale,
      organization: organization.name,
      expiresAt: link.expiresAt.toISOString(),
    };
  }

  async behind(token: string): Promise<{ link: ResidentLinkDoc; account: ResidentAccountDoc }> {
    const link = await this.links.byHash(hashLinkToken(token));
    const now = this.clock.now();
    assertOpen(link, now);
    const account = await this.accounts.of(link.orgId, link.personId);
    if (account?.state !== 'active') assertOpen(null, now);
    return { link, account: account ?? (await this.accounts.get({ orgId: link.orgId, _id: link.personId })) };
  }
}

export const tokenPlace = (orgId: OrgId) => ({ orgId, collection: residentLinkDef.name, field: 'token' });
