import type { ActorRef, StaffLink } from '@leasewire/contracts';
import type { Cause, Clock, Ids } from '@leasewire/messaging';
import { SecretBox, type Tx } from '@leasewire/persistence';
import { CLOCK, CONFIG, IDS, type Config } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { identityConfig } from '../config.js';
import { OrganizationRepository } from '../organization/organization.repository.js';
import { StaffRepository, type StaffDoc } from '../staff/staff.repository.js';
import { LinkRepository, mailTokenPlace, type LinkDoc } from './link.repository.js';
import { assertOpen, hashLinkToken, linkUrl, newLinkToken, validForMs, type LinkPurpose } from './link.rules.js';

const keepMs = 30 * 86_400_000;

@Injectable()
export class LinkService {
  constructor(
    private readonly links: LinkRepository,
    private readonly staff: StaffRepository,
    private readonly organizations: OrganizationRepository,
    private readonly box: SecretBox,
    @Inject(CONFIG) private readonly config: Config<typeof identityConfig>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** A new link; older ones hold no more. Whoever calls saves the staff member too, so two at once cannot both stay open. */
  async issue(
    tx: Tx,
    staff: Pick<StaffDoc, '_id' | 'orgId'>,
    purpose: Exclude<LinkPurpose, 'email-change'>,
    { toBeMailed }: { readonly toBeMailed: boolean } = { toBeMailed: false },
  ): Promise<{ link: z.infer<typeof StaffLink>; expiresAt: Date; doc: LinkDoc }> {
    await this.links.replaceOpen(tx, staff);
    const token = newLinkToken();
    const expiresAt = new Date(tx.now.getTime() + validForMs[purpose]);
    const doc = await this.links.insert(tx, {
      _id: this.ids.next('inv'),
      orgId: staff.orgId,
      staffId: staff._id,
      purpose,
      hash: hashLinkToken(token),
      mailToken: toBeMailed ? this.box.seal(token, mailTokenPlace(staff.orgId)) : null,
      expiresAt,
      createdBy: actorOf(tx.cause),
      life: { state: 'open' },
      purgeAt: new Date(expiresAt.getTime() + keepMs),
    });
    const url = linkUrl(this.config.LEASEWIRE_PUBLIC_URL, token);
    return { link: { url, expiresAt: expiresAt.toISOString() }, expiresAt, doc };
  }

  /** Changes nothing: mail scanners open every link they see. */
  async show(token: string) {
    const link = await this.links.byHash(hashLinkToken(token));
    assertOpen(link, this.clock.now());
    const { staff, organization } = await this.behind(link);
    return {
      purpose: link.purpose,
      email: staff.email,
      name: staff.name,
      organization: organization.name,
      expiresAt: link.expiresAt.toISOString(),
    };
  }

  async behind({ orgId, staffId }: LinkDoc) {
    const [staff, organization] = await Promise.all([this.staff.get({ orgId, _id: staffId }), this.organizations.of(orgId)]);
    return { staff, organization };
  }
}

const actorOf = ({ actor }: Cause): ActorRef => (typeof actor === 'string' ? actor : actor.ref);
