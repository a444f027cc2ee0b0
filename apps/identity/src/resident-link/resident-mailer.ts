import { sendTemplate } from '@leasewire/contracts';
import { Assertions, RpcClient, type Ids } from '@leasewire/messaging';
import { SecretBox, systemCause, UnitOfWork, type DueClaimer } from '@leasewire/persistence';
import { Background, CONFIG, IDS, type Config } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { identityConfig } from '../config.js';
import { ResidentAccountRepository } from '../resident-account/resident-account.repository.js';
import { ResidentHome } from '../resident-notice/resident-home.js';
import { ResidentLinkRepository, type ResidentLinkDoc } from './resident-link.repository.js';
import { mailOf } from './resident-mail.rules.js';

/**
 * Hands links to notifications, which mails them. Repeated until it has an answer, under the same key, so that each link
 * is mailed once; then the token is forgotten here.
 */
@Injectable()
export class ResidentMailer {
  readonly #claimer: DueClaimer<ResidentLinkDoc>;

  constructor(
    private readonly work: UnitOfWork,
    private readonly links: ResidentLinkRepository,
    private readonly accounts: ResidentAccountRepository,
    private readonly home: ResidentHome,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    private readonly box: SecretBox,
    @Inject(CONFIG) private readonly config: Config<typeof identityConfig>,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    this.#claimer = background.claimer<ResidentLinkDoc>('resident-mails', {
      repository: links,
      handleAlone: (link) => this.#mail(link),
      onGiveUp: () => Promise.resolve(), // they ask again
    });
  }

  wake(): void {
    this.#claimer.wake();
  }

  async #mail({ orgId, _id, token }: ResidentLinkDoc): Promise<void> {
    const link = await this.links.get({ orgId, _id });
    const account = await this.accounts.of(orgId, link.personId);
    if (account && token !== null && link.life.state === 'open') {
      const plain = this.box.open(token, { orgId, collection: 'resident_links', field: 'token' });
      const origin = this.config.LEASEWIRE_PUBLIC_URL.replace(/\/$/, '');
      const options = { assertion: this.assertions.forService(orgId), correlationId: this.ids.next('cor') };
      const url = `${origin}/${link.purpose === 'password-reset' ? 'password' : 'email'}/${plain}`;
      const mail = mailOf(link, account, url, await this.home.of(orgId, link.personId));
      await this.rpc.call(sendTemplate, mail, { ...options, idempotencyKey: mail.key });
    }
    await this.work.run(systemCause('identity', orgId, this.ids), async (tx) => {
      const current = await this.links.get({ orgId, _id }, { tx });
      await this.links.save(tx, { ...current, token: null, due: undefined });
    });
  }
}
