import {
  DomainError,
  type ActorRef,
  type Channel,
  type MessageCategory,
  type OrgId,
  type OutputOf,
  type ParsedInputOf,
  type PersonId,
  type showUnsubscribe,
  type unsubscribe,
} from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { SecretBox, systemCause, UnitOfWork } from '@leasewire/persistence';
import { CLOCK, CONFIG, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { categories } from '../compose/category.rules.js';
import type { NotificationsConfig } from '../config.js';
import { ConsentLedger } from '../consent/consent-ledger.js';
import { SuppressionService } from '../suppression/suppression.service.js';
import { claimIn, tokenOf, type UnsubscribeClaim, type UnsubscribeKeys } from './unsubscribe-token.rules.js';
import { hiddenAddress, saidBy, shownTo, type Answers } from './unsubscribe.rules.js';

type PageFacts = OutputOf<typeof showUnsubscribe>;

/** The end of every mail that may be ended, and the button that mailboxes show (RFC 8058). */
@Injectable()
export class UnsubscribeService {
  readonly #keys: readonly UnsubscribeKeys[];
  readonly #publicUrl: string;

  constructor(
    @Inject(CONFIG) config: NotificationsConfig,
    box: SecretBox,
    private readonly ledger: ConsentLedger,
    private readonly suppressions: SuppressionService,
    private readonly work: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {
    // links of old mails work as long as their key is in the ring
    const ciphers = box.derived('unsubscribe cipher');
    this.#keys = box.derived('unsubscribe mac').map((mac, at) => ({ mac, cipher: ciphers[at] ?? mac }));
    this.#publicUrl = config.LEASEWIRE_PUBLIC_URL.replace(/\/+$/, '');
  }

  /** Null where it cannot be ended: security, emergencies, texts (which are ended by answering STOP). */
  linkFor(of: {
    readonly orgId: OrgId;
    readonly category: MessageCategory;
    readonly channel: Channel;
    readonly personId: PersonId | null;
    readonly address: string;
  }): { readonly page: string; readonly oneClick: string } | null {
    const { orgId, category, channel, personId, address } = of;
    const [keys] = this.#keys;
    if (channel !== 'email' || keys === undefined || !categories[category].unsubscribe) return null;
    if (category !== 'operational' && category !== 'marketing') return null;
    const url = `${this.#publicUrl}/u/${tokenOf(keys, { orgId, personId, category, address: address.toLowerCase() })}`;
    return { page: url, oneClick: url };
  }

  async show({ token }: ParsedInputOf<typeof showUnsubscribe>): Promise<PageFacts> {
    return this.#facts(this.#claim(token));
  }

  /** Said twice, it is written down once. */
  async act({ token, how, choice, wording }: ParsedInputOf<typeof unsubscribe>): Promise<PageFacts> {
    const claim = this.#claim(token);
    const { orgId, personId, category, address } = claim;
    const complained = await this.suppressions.isComplained(orgId, address);
    const news = saidBy(choice, category, await this.#answers(claim), complained);
    const by: ActorRef = personId === null ? 'service:notifications' : `resident:${personId}`;
    const asksAgain = complained && choice === 'receive';
    if (news.length > 0 || asksAgain)
      await this.work.run(systemCause('notifications', orgId, this.ids), async (tx) => {
        for (const [about, answer] of news) {
          const said = { personId, category: about, answer, how, at: this.clock.now() };
          await this.ledger.write(tx, { channel: 'email', address }, said, by, wording);
        }
        if (asksAgain) await this.suppressions.askedAgain(tx, address, by);
      });
    return this.#facts(claim);
  }

  async #facts(claim: UnsubscribeClaim): Promise<PageFacts> {
    const { orgId, category, address } = claim;
    const [known, complained] = await Promise.all([this.#answers(claim), this.suppressions.isComplained(orgId, address)]);
    return { category, mail: hiddenAddress(address), standing: shownTo(known, complained) };
  }

  #claim(token: string): UnsubscribeClaim {
    for (const keys of this.#keys) {
      const claim = claimIn(keys, token);
      if (claim) return claim;
    }
    throw new DomainError('unsubscribe.invalid', 'This link is not complete. Open it from the mail, or copy all of it.');
  }

  async #answers({ orgId, personId, address }: UnsubscribeClaim): Promise<Answers> {
    const of = (category: MessageCategory) =>
      this.ledger.consents({ orgId, category, channel: 'email' }, [{ personId, address }]);
    const [[operational = null], [marketing = null]] = await Promise.all([of('operational'), of('marketing')]);
    return { operational, marketing };
  }
}
