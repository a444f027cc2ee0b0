import type {
  Channel as ChannelName,
  DeliveryId,
  MessageCategory,
  MessageId,
  OrgId,
  PersonId,
  PropertyId,
  Sender,
} from '@leasewire/contracts';
import type { EffectPace } from '@leasewire/persistence';
import type { Rendered } from '../text/texts.js';

/** One message to one person, ready to go out. Secrets are in it: it is never logged or kept. */
export interface Outgoing {
  readonly deliveryId: DeliveryId;
  readonly messageId: MessageId;
  readonly orgId: OrgId;
  readonly propertyId: PropertyId | null;
  readonly personId: PersonId | null;
  readonly category: MessageCategory;
  readonly address: string;
  readonly name: string;
  /** Random; whoever knows it may tell what became of this delivery. It is in the return path, and in callback addresses. */
  readonly token: string;
  readonly sender: Sender;
  readonly rendered: Rendered;
  /** Both lead to this recipient’s own choice; null where there is none. */
  readonly unsubscribe: { readonly page: string; readonly oneClick: string } | null;
  readonly files: readonly { readonly name: string; readonly contentType: string; readonly content: Buffer }[];
  /** How often it was tried before. */
  readonly tries: number;
}

/**
 * What is certain after a try. `sent`: a provider took it. `later`: it was not tried. `again`: certainly not taken, and worth another
 * try. `failed`: certainly not taken, and never will be; `suppress` says that the address is no good for anything. Whoever cannot be
 * certain throws: then it is `unknown`.
 */
export type Try =
  | { readonly state: 'sent'; readonly reference: string }
  | { readonly state: 'later'; readonly at: Date; readonly reason: string }
  | { readonly state: 'again'; readonly reason: string; readonly code?: string }
  | {
      readonly state: 'failed' | 'bounced';
      readonly reason: string;
      readonly nextStep?: string;
      readonly code?: string;
      readonly suppress?: 'hard-bounce' | 'unreachable-number';
    };

/** Found out afterwards about a try whose end nobody saw. */
export type FoundOut = Try | { readonly state: 'unknown' };

export interface Address {
  readonly email: string | null;
  readonly phone: string | null;
}
export interface Recipient {
  readonly orgId: OrgId;
  readonly propertyId: PropertyId | null;
  /** ISO 3166 code of the property’s country. */
  readonly country: string | null;
}

/** A way to reach people. `email` and `sms` each are one. */
export interface Channel {
  readonly name: ChannelName;
  /** False where the deployment has no provider for it. */
  readonly isOn: boolean;
  /** Which address it uses; `problem` where there is one that is of no use. */
  addressOf(of: Address, to: Recipient): { readonly address: string } | { readonly problem: string } | null;
  readonly pace?: EffectPace;
  /** For what goes out to many: it leaves something for what does not wait behind it. */
  readonly paceOfMany?: EffectPace;
  readonly batch: number;
  readonly timeoutMs: number;
  readonly maxTries: number;
  readonly backoff: { readonly firstMs: number; readonly mostMs: number };
  send(outgoing: Outgoing, signal: AbortSignal): Promise<Try>;
  /** Asks the provider; without it only a person or a late report can tell. */
  findOut?(outgoing: Pick<Outgoing, 'deliveryId' | 'orgId' | 'propertyId' | 'address' | 'token'>): Promise<FoundOut>;
}

/** All channels there are; a module adds its own to it when it is built. */
export class Channels {
  readonly #byName = new Map<ChannelName, Channel>();

  add(channel: Channel): void {
    if (this.#byName.has(channel.name)) throw new Error(`There are two channels “${channel.name}”`);
    this.#byName.set(channel.name, channel);
  }

  get(name: ChannelName): Channel | undefined {
    return this.#byName.get(name);
  }

  all(): readonly Channel[] {
    return [...this.#byName.values()];
  }
}
