import {
  DomainError,
  ResidentViewId,
  residentViewEnded,
  residentViewStarted,
  type OutputOf,
  type ResidentId,
  type enterResidentView,
  type startResidentView,
} from '@leasewire/contracts';
import { TokenSigner, TokenVerifier, type Call, type Clock, type Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork } from '@leasewire/persistence';
import { Background, CLOCK, CONFIG, IDS, type Config } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AccessService, myself } from '../access/access.service.js';
import type { identityConfig } from '../config.js';
import { OrganizationRepository, toOrganization } from '../organization/organization.repository.js';
import { ResidencyRepository } from '../residency/residency.repository.js';
import { ResidentAccountRepository, toResidentAccount } from '../resident-account/resident-account.repository.js';
import { StaffRepository } from '../staff/staff.repository.js';
import { ResidentViewRepository, toResidentView, type ResidentViewDoc } from './resident-view.repository.js';

/** Long enough to help somebody on the phone, too short to be left open. */
export const viewSeconds = 30 * 60;
const keepMs = 90 * 86_400_000;
const viewKind = 'resident-view';
const ViewClaims = z.looseObject({ look: ResidentViewId });

/** Staff looking at what a resident sees. The audit has it before anything is shown. */
@Injectable()
export class ResidentViewService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly views: ResidentViewRepository,
    private readonly residencies: ResidencyRepository,
    private readonly accounts: ResidentAccountRepository,
    private readonly organizations: OrganizationRepository,
    private readonly staff: StaffRepository,
    private readonly access: AccessService,
    private readonly signer: TokenSigner,
    private readonly verifier: TokenVerifier,
    @Inject(CONFIG) private readonly config: Config<typeof identityConfig>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.claimer<ResidentViewDoc>('resident-views', {
      repository: views,
      handleAlone: (view) => this.#end(view),
      onGiveUp: () => Promise.resolve(), // it shows nothing after its time in any case
    });
  }

  async start(
    { residentId, reason }: { residentId: ResidentId; reason: string },
    call: Call,
  ): Promise<OutputOf<typeof startResidentView>> {
    const me = myself(call);
    const view = await this.work.run(call, async (tx) => {
      const authority = await this.access.authorityOf(call, 'residence.residence:full', tx);
      const residency = await this.residencies.findOne({ orgId: me.orgId, _id: residentId }, { tx });
      const seen = authority === 'all' || authority.properties === 'all' ? null : authority.properties;
      if (!residency || residency.state === 'archived' || (seen && !seen.includes(residency.propertyId))) throw noSuchResident();
      const expiresAt = new Date(tx.now.getTime() + viewSeconds * 1000);
      const doc = await this.views.insert(tx, {
        _id: this.ids.next('look'),
        orgId: me.orgId,
        personId: residency.personId,
        residentId,
        propertyId: residency.propertyId,
        by: call.actor.ref,
        byName: (await this.staff.get({ orgId: me.orgId, _id: me.staffId }, { tx })).name,
        reason,
        startedAt: tx.now,
        expiresAt,
        endedAt: null,
        due: dueAt(expiresAt),
        purgeAt: new Date(expiresAt.getTime() + keepMs),
      });
      tx.publish(residentViewStarted, { view: toResidentView(doc) }, doc);
      return toResidentView(doc);
    });
    const token = this.signer.sign(viewKind, { look: view.id }, viewSeconds);
    return { ...view, url: `${this.config.LEASEWIRE_PUBLIC_URL.replace(/\/$/, '')}/my/look/${token}` };
  }

  async enter(token: string): Promise<OutputOf<typeof enterResidentView>> {
    const view = await this.#behind(token);
    if (!view || view.endedAt !== null || view.expiresAt <= this.clock.now()) throw over();
    const { orgId, personId } = view;
    const [account, organization] = await Promise.all([this.accounts.of(orgId, personId), this.organizations.of(orgId)]);
    return {
      view: toResidentView(view),
      orgId,
      account: account && toResidentAccount(account),
      organization: toOrganization(organization),
    };
  }

  async stop(token: string): Promise<Record<string, never>> {
    const view = await this.#behind(token);
    if (view) await this.#end(view);
    return {};
  }

  async #end({ orgId, _id, by }: ResidentViewDoc): Promise<void> {
    await this.work.run({ ...systemCause('identity', orgId, this.ids), actor: by }, async (tx) => {
      const view = await this.views.get({ orgId, _id }, { tx });
      if (view.endedAt !== null) return;
      const saved = await this.views.save(tx, { ...view, endedAt: tx.now, due: undefined });
      tx.publish(residentViewEnded, { view: toResidentView(saved) }, saved);
    });
  }

  async #behind(token: string): Promise<ResidentViewDoc | null> {
    try {
      const claims = this.verifier.verify(viewKind, token);
      if (claims.iss !== this.signer.issuer) return null;
      return await this.views.byId(ViewClaims.parse(claims).look);
    } catch {
      return null;
    }
  }
}

const noSuchResident = (): DomainError =>
  new DomainError('not-found', 'There is no such resident, or not in a property that you see. Look at the list of residents.');
const over = (): DomainError =>
  new DomainError('session.ended', 'The half hour is over, or you stopped looking. Start again from the resident’s page.');
