import {
  DomainError,
  SystemTemplateName,
  type estimateMessage,
  type MessageId,
  type OutputOf,
  type ParsedInputOf,
  type sendTemplate,
  type withdrawMessage,
} from '@leasewire/contracts';
import { isService, type Call, type Clock, type Ids } from '@leasewire/messaging';
import { dueAt, SecretBox, UnitOfWork, type New } from '@leasewire/persistence';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AudienceService } from '../audience/audience.service.js';
import { reachOf } from '../audience/verdict.rules.js';
import { fieldRow, isFieldName } from '../compose/field-registry.js';
import { DeliveryRepository } from '../delivery/delivery.repository.js';
import { KnownPropertyRepository } from '../known/known-property.repository.js';
import { DraftService } from '../message/draft.service.js';
import { Launcher, writtenTogether } from '../message/launcher.js';
import { MessageRepository, noCounts, type KeptRecipient, type MessageDoc } from '../message/message.repository.js';
import { hasNotBegun, isRunning } from '../message/message.rules.js';
import { MessageService } from '../message/message.service.js';
import { systemTemplates } from '../template/system/system-templates.js';
import { Texts } from '../text/texts.js';

type Input = ParsedInputOf<typeof sendTemplate>;

/** What other services have sent: templates, under a key of their own. */
@Injectable()
export class SendService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly messages: MessageRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly properties: KnownPropertyRepository,
    private readonly drafts: DraftService,
    private readonly texts: Texts,
    private readonly audiences: AudienceService,
    private readonly staffMessages: MessageService,
    private readonly launcher: Launcher,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async send(input: Input, call: Call): Promise<{ messageId: MessageId }> {
    const { orgId } = call;
    const service = serviceOf(call);
    const { template, propertyId, key } = input;
    const writing = await this.texts.template({ orgId, propertyId, name: template });
    if (!writing) throw unknownTemplate(template);
    assertAsRegistered(input);
    const data = [input.data, ...input.recipients.map((one) => one.data ?? {})];
    assertNoSecrets(data.flatMap((some) => Object.keys(some)));
    const property = propertyId === null ? null : await this.properties.findOne({ orgId, _id: propertyId });
    const timeZone = property?.timeZone ?? 'UTC';
    const now = this.clock.now();
    const shared = await this.drafts.shared(orgId, { startsAt: now, timeZone }, null);
    const doc: New<MessageDoc> = {
      _id: this.ids.next('msg'),
      ...{ orgId, propertyId, template, key, service, timeZone },
      kind: 'template',
      category: input.category,
      channels: input.channels,
      state: 'preparing',
      reason: null,
      texts: null,
      attachmentIds: [],
      audience: null,
      scope: 'all',
      ifAudienceChanges: 'send',
      digest: null,
      templateVersion: writing.version,
      recipients: input.recipients.map(({ secrets, ...one }): KeptRecipient => ({
        ...one,
        ...this.#sealed(call, secrets, 'recipients.secrets'),
        secretNames: Object.keys(secrets ?? {}),
      })),
      data: { ...shared, ...input.data },
      many: input.many,
      secrets: this.#sealed(call, input.secrets, 'secrets').secrets ?? null,
      secretFields: secretFields(input),
      sharedSecrets: Object.keys(input.secrets),
      language: input.language ?? null,
      startsAt: now,
      local: null,
      startedAt: now,
      finishedAt: null,
      reach: null,
      smsSegments: 1,
      counts: noCounts,
      senderName: null,
      createdBy: call.actor.ref,
      staffId: null,
      contentGone: false,
      due: dueAt(now),
    };
    const decided = isKnownHere(doc) ? await this.launcher.decide(doc, writing, call.correlationId) : null;
    return this.work.run(call, async (tx) => {
      const known = await this.messages.findOne({ orgId, service, key }, { tx });
      if (known) return { messageId: known._id };
      if (decided !== null) return { messageId: (await this.launcher.begin(tx, doc, decided))._id };
      const saved = await this.messages.insert(tx, doc);
      this.launcher.wakeAfter(tx);
      return { messageId: saved._id };
    });
  }

  async withdraw({ key, reason }: ParsedInputOf<typeof withdrawMessage>, call: Call): Promise<OutputOf<typeof withdrawMessage>> {
    return this.work.run(call, async (tx) => {
      const { orgId } = tx;
      const doc = await this.messages.findOne({ orgId, service: serviceOf(call), key }, { tx });
      if (!doc) throw new DomainError('not-found', `Nothing was sent under the key “${key}”.`);
      if (!hasNotBegun(doc) && !isRunning(doc)) return { withdrawn: 0 };
      const queued = await this.deliveries.count({ orgId, messageId: doc._id, state: 'queued' }, { tx });
      await this.staffMessages.cancelled(tx, doc, reason);
      return { withdrawn: doc.state === 'preparing' ? Math.max(queued, doc.recipients.length) : queued };
    });
  }

  async estimate(input: ParsedInputOf<typeof estimateMessage>, call: Call): Promise<OutputOf<typeof estimateMessage>> {
    const { orgId, correlationId, actor } = call;
    const { template, propertyId, category, channels, residents } = input;
    const writing = await this.texts.template({ orgId, propertyId, name: template });
    if (!writing) throw unknownTemplate(template);
    assertAsRegistered(input);
    // what the service will put in is not known yet: nobody lacks it
    const given = channels.flatMap((channel) => writing.fields(channel).map(({ field }) => field));
    const asked = {
      ...{ orgId, propertyId, category, channels, writing, correlationId },
      language: 'en',
      shared: {},
      secretFields: given,
    };
    return reachOf(await this.audiences.ofSelection(asked, residents, actor.properties));
  }

  #sealed({ orgId }: Call, secrets: Input['secrets'] | undefined, field: string): { secrets?: string } {
    if (!secrets || Object.keys(secrets).length === 0) return {};
    return { secrets: this.box.seal(JSON.stringify(secrets), { orgId, collection: 'messages', field }) };
  }
}

/** The registry says what a template is: of a Wi-Fi password nobody can unsubscribe, whoever sends it. */
function assertAsRegistered({ template, category, channels }: Pick<Input, 'template' | 'category' | 'channels'>): void {
  const name = SystemTemplateName.safeParse(template);
  if (!name.success) return;
  const row = systemTemplates[name.data];
  if (row.category !== null && row.category !== category)
    throw new DomainError('message.invalid', `The template “${template}” is ${row.category}, not ${category}.`);
  const other = channels.find((channel) => !row.channels.includes(channel));
  if (other !== undefined) throw new DomainError('message.invalid', `The template “${template}” is not for ${other}.`);
}

/** Given as data they would be stored and shown as they are. */
function assertNoSecrets(names: readonly string[]): void {
  const secret = names.find((name) => isFieldName(name) && fieldRow(name).secret);
  if (secret !== undefined) throw new DomainError('message.invalid', `“${secret}” is a secret: give it in “secrets”.`);
}

function secretFields({ secrets, recipients }: Input): string[] {
  return [...new Set([secrets, ...recipients.map((one) => one.secrets ?? {})].flatMap((some) => Object.keys(some)))];
}

function serviceOf({ actor }: Call): string {
  if (!isService(actor.ref)) throw new DomainError('forbidden', 'Only services send templates.');
  return actor.ref.slice('service:'.length);
}

/** So few that they are written at once, and nobody else need be asked who they are. */
const isKnownHere = ({ recipients }: Pick<MessageDoc, 'recipients'>): boolean =>
  recipients.length <= writtenTogether && recipients.every(({ kind }) => kind === 'address' || kind === 'staff');

const unknownTemplate = (name: string): DomainError =>
  new DomainError('template.unknown', `There is no template “${name}”. Its name must be one of the registry.`);
