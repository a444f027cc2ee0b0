import { DomainError, type MessageId, type ParsedInputOf, type testMessage } from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ofAnyone } from '../audience/candidate.rules.js';
import type { Decided } from '../audience/verdict.rules.js';
import { escapeHtml } from '../compose/write-html.rules.js';
import { KnownStaffRepository } from '../known/known-staff.repository.js';
import type { Written } from '../text/texts.js';
import { DraftService, textsOf } from './draft.service.js';
import { Launcher } from './launcher.js';
import { noCounts } from './message.repository.js';
import { staffOf } from './message-scope.rules.js';
import { sampleOf } from './preview.service.js';

/** Sends a draft to whoever wrote it, as one of its recipients would get it. */
@Injectable()
export class TestService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly staff: KnownStaffRepository,
    private readonly drafts: DraftService,
    private readonly launcher: Launcher,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async send(
    { draft, sampleResidentId }: ParsedInputOf<typeof testMessage>,
    call: Call,
  ): Promise<{ messageId: MessageId; to: string }> {
    const { orgId, actor } = call;
    const staffId = staffOf(actor.ref);
    const own = staffId === null ? null : await this.staff.findOne({ orgId, _id: staffId });
    if (!own)
      throw new DomainError('message.no-own-address', 'You have no e-mail address here to send a test to. Sign in as staff.');
    const prepared = await this.drafts.prepare({ ...draft, when: { kind: 'now' } }, call);
    const problems = prepared.problems.filter((problem) => !problem.startsWith('Nobody'));
    if (problems.length > 0) throw new DomainError('message.invalid', problems.join(' '), { problems });
    const sample = sampleOf(prepared.decided, sampleResidentId);
    const texts = textsOf(draft).map(draft.channels.includes('email') ? asMailed : asTexted);
    return this.work.run(call, async (tx) => {
      const one: Decided = {
        candidate: ofAnyone({ who: own._id, staffId: own._id, name: own.name, email: own.email }),
        channel: 'email',
        verdict: { will: true, address: own.email },
        language: sample?.language ?? draft.language,
        fields: sample?.fields ?? {},
      };
      const message = await this.launcher.begin(
        tx,
        {
          _id: this.ids.next('msg'),
          ...{ orgId, texts, staffId },
          kind: 'test',
          propertyId: draft.propertyId,
          category: draft.category,
          channels: ['email'],
          state: 'sending',
          reason: null,
          attachmentIds: draft.attachmentIds,
          audience: null,
          scope: actor.properties,
          ifAudienceChanges: 'send',
          digest: null,
          template: null,
          templateVersion: prepared.asked.writing.version,
          key: null,
          service: null,
          recipients: [],
          data: prepared.asked.shared,
          secrets: null,
          secretFields: [],
          many: false,
          language: draft.language,
          startsAt: tx.now,
          local: null,
          timeZone: prepared.when.timeZone,
          startedAt: tx.now,
          finishedAt: null,
          reach: null,
          smsSegments: 1,
          counts: noCounts,
          senderName: actor.name ?? null,
          createdBy: actor.ref,
          contentGone: false,
        },
        [one],
      );
      return { messageId: message._id, to: own.email };
    });
  }
}

const asMailed = (text: Written): Written => ({ ...text, subject: `[Test] ${text.subject}` });
/** Nobody knows a number of theirs: they read in a mail what would be texted. */
const asTexted = (text: Written): Written => ({
  ...text,
  subject: '[Test] Text message',
  body: text.sms
    .split('\n')
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join(''),
});
