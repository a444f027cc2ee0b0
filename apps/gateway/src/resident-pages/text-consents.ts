import {
  DomainError,
  getConsentStanding,
  recordConsent,
  resolveAudience,
  type ConsentAnswer,
  type PersonId,
} from '@leasewire/contracts';
import { RpcClient, type CallOptions } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';

/** What somebody said about text messages. `stopped`: by a text, which only another text undoes. */
export interface TextConsent {
  readonly phone: string;
  readonly state: 'open' | 'granted' | 'stopped';
}

/** Enough to recognize one's own number, too little for who looks over a shoulder. */
export const endOf = (phone: string): string => phone.slice(-3);

/** The number is directory's and what was agreed is notifications'; the pages ask, and have written down in which words. */
@Injectable()
export class TextConsents {
  constructor(private readonly rpc: RpcClient) {}

  /** null: no mobile number is known. undefined: it cannot be said at the moment; a page does without it. */
  async of(personId: PersonId, options: CallOptions): Promise<TextConsent | null | undefined> {
    try {
      const selection = { personIds: [personId] };
      const { items: members } = await this.rpc.call(resolveAudience, { selection, properties: 'all', limit: 50 }, options);
      const phone = members.find((member) => member.state === 'active' && member.phone !== null)?.phone;
      if (phone === undefined || phone === null) return null;
      const { items } = await this.rpc.call(getConsentStanding, { personId, channel: 'sms' }, options);
      const standing = items.find(({ address }) => address === phone);
      if (standing?.blocked) return { phone, state: 'stopped' };
      const said = standing?.categories.find(({ category }) => category === 'operational');
      return { phone, state: said?.answer === 'granted' ? 'granted' : 'open' };
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  }

  async record(personId: PersonId, phone: string, answer: ConsentAnswer, wording: string, options: CallOptions): Promise<void> {
    await this.rpc.call(recordConsent, { personId, phone, answer, categories: ['operational'], how: 'online', wording }, options);
  }
}
