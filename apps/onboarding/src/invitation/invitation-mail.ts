import { DomainError, InvitationId, sendTemplate, type OrgId } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Effects, type Attempted, type Effect, type SettledEffect, type Tx } from '@leasewire/persistence';
import { CONFIG } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { OnboardingConfig } from '../config.js';
import { AccountRepository } from '../account/account.repository.js';
import { languageOf } from '../account/member.rules.js';
import { LinkKeys } from '../link/link-key.repository.js';
import { tokenOf } from '../link/token.rules.js';
import { InvitationRepository, type InvitationDoc } from './invitation.repository.js';
import { MailOutcomes } from './mail-outcomes.js';
import { keyOfMail } from './mail-key.rules.js';

export const invitationMail = 'invitation-mail';
const Payload = z.object({
  invitationId: InvitationId,
  reminder: z.int().describe('0: the first mail of this link; then each has its number'),
  awaited: z.boolean().default(false).describe('Somebody waits for it, and is not reminded of anything'),
});
type Mail = Effect<z.output<typeof Payload>>;

/**
 * Hands a mail to notifications. It knows each by a key of ours and sends it once, so an attempt whose end nobody saw is
 * simply made again. The link is made here, from what is stored, and is stored nowhere.
 */
@Injectable()
export class InvitationMails {
  constructor(
    effects: Effects,
    private readonly invitations: InvitationRepository,
    private readonly accounts: AccountRepository,
    private readonly keys: LinkKeys,
    private readonly outcomes: MailOutcomes,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(CONFIG) private readonly config: OnboardingConfig,
  ) {
    effects.define(invitationMail, {
      payload: Payload,
      attempt: (mail) => this.#send(mail),
      reconcile: (mail) => this.#send(mail),
      onSettled: (tx, settled) => this.#settled(tx, settled),
      maxAttempts: 2000,
      backoff: { firstMs: 300, mostMs: 30_000 },
      batch: 25,
      // repeating it is harmless, so what a process that died had begun is begun again soon
      timeoutMs: 12_000,
      leaseMs: 15_000,
    });
  }

  async #send({ orgId, payload, correlationId }: Mail): Promise<Attempted> {
    const invitation = await this.invitations.findOne({ orgId, _id: payload.invitationId });
    if (invitation?.state !== 'open' || invitation.expiresAt === null)
      return { state: 'not-done', reason: 'The link works no more.', retry: false };
    const key = keyOfMail(payload.invitationId, payload.reminder);
    try {
      await this.rpc.call(sendTemplate, await this.#words(orgId, invitation, payload, key), {
        assertion: this.assertions.forService(orgId),
        correlationId,
        idempotencyKey: key,
      });
      return { state: 'done' };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // handed over by an attempt whose answer was lost, and their language is another since
      if (error.code === 'idempotency.key-reused') return { state: 'done' };
      const reason = error.message;
      return isPassing(error.code) ? { state: 'not-done', reason } : { state: 'not-done', reason, retry: false };
    }
  }

  async #words(orgId: OrgId, invitation: InvitationDoc, { reminder, awaited }: z.output<typeof Payload>, key: string) {
    const { _id: invitationId, personId, residentId, propertyId, email, name, firstName, expiresAt } = invitation;
    const account = await this.accounts.findOne({ orgId, _id: personId });
    const language = account && languageOf(account.members, residentId);
    const to = { email, name: name.slice(0, 220), personId, residentId, ...(language && { language }) };
    const token = tokenOf(await this.keys.of(orgId), orgId, { invitationId, personId, email });
    const link = `${this.config.LEASEWIRE_PUBLIC_URL.replace(/\/$/, '')}/activate/${token}`;
    return {
      key,
      template: reminder > 0 && !awaited ? 'reminder' : 'welcome',
      category: 'security' as const,
      channels: ['email' as const],
      many: !awaited,
      propertyId,
      recipients: [{ kind: 'address' as const, ...to }],
      data: {
        'activation.expires': expiresAt?.toISOString() ?? '',
        'resident.firstName': firstName,
        'recipient.name': firstName,
        'resident.name': name,
      },
      secrets: { 'activation.link': link },
    };
  }

  /** What was handed over is told by notifications; here only what never was. */
  async #settled(tx: Tx, settled: readonly SettledEffect<z.output<typeof Payload>>[]): Promise<void> {
    for (const { state, payload, reason } of settled)
      if (state === 'failed') await this.outcomes.failed(tx, payload.invitationId, reason ?? 'It could not be handed over.');
  }
}

/** What is wrong with the words stays wrong. All else passes, and under the same key it may be asked again. */
const isPassing = (code: string): boolean => !['invalid-input', 'template.unknown', 'message.invalid'].includes(code);
