import type { listUnreached, OutputOf, ParsedInputOf, previewMessage, ResidentId } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { reachOf, type Decided } from '../audience/verdict.rules.js';
import { categories } from '../compose/category.rules.js';
import { lacking, type Filling } from '../compose/fill.rules.js';
import { fieldRow } from '../compose/field-registry.js';
import { sizeOfMail } from '../compose/size.rules.js';
import { adviceFor, withPlainSigns } from '../sms/plain-sms.rules.js';
import { quietWarning, usualQuietHours } from '../sms/quiet-hours.rules.js';
import type { Rendered } from '../text/texts.js';
import { DraftService, type Prepared } from './draft.service.js';
import { confirmBy } from './message.rules.js';
import type { SmsLoad } from './sms-load.rules.js';
import { SenderService } from '../sender/sender.service.js';

type Preview = OutputOf<typeof previewMessage>;
type NotReached = Preview['notReached'][number];
const mostShown = 200;

@Injectable()
export class PreviewService {
  constructor(
    private readonly drafts: DraftService,
    private readonly senders: SenderService,
  ) {}

  async preview({ draft, sampleResidentId }: ParsedInputOf<typeof previewMessage>, call: Call): Promise<Preview> {
    const prepared = await this.drafts.prepare(draft, call);
    const { decided, when, token } = prepared;
    const reach = reachOf(decided);
    const sender = await this.senders.of(call.orgId, draft.propertyId);
    const example = sampleOf(decided, sampleResidentId);
    const shown = example && rendered(prepared, example, sender.replyTo);
    const size = shown && draft.channels.includes('email') ? sizeOfMail(shown.html) : { kind: 'fine' as const };
    const { email, sms } = { email: draft.channels.includes('email'), sms: draft.channels.includes('sms') };
    const quiet =
      sms && categories[draft.category].quiet
        ? quietWarning(when.startsAt, when.timeZone, sender.quietHours ?? usualQuietHours)
        : null;
    return {
      token,
      reach,
      notReached: notReachedOf(decided).slice(0, mostShown),
      lacks: lacksOf(prepared),
      sample: shown && {
        residentId: example.candidate.residentId,
        name: example.candidate.name,
        language: example.language,
        subject: email ? shown.subject : null,
        html: email ? shown.html : null,
        text: email ? shown.text : null,
        sms: sms ? withPlainSigns(shown.sms) : null,
      },
      sms: sms && shown ? smsOf(withPlainSigns(shown.sms), prepared.sms) : null,
      when: { startsAt: when.startsAt.toISOString(), words: when.words, timeZone: when.timeZone, warning: when.warning },
      warnings: [...prepared.warnings, ...(quiet === null ? [] : [quiet]), ...(size.kind === 'warning' ? [size.message] : [])],
      problems: [...prepared.problems, ...(size.kind === 'too-large' ? [size.message] : [])],
      confirmBy: confirmBy(reach.reached),
    };
  }

  /** The cursor is a place in the list as it is now; the list is worked out anew each time. */
  async unreached(
    { draft, limit, cursor }: ParsedInputOf<typeof listUnreached>,
    call: Call,
  ): Promise<OutputOf<typeof listUnreached>> {
    const { decided } = await this.drafts.prepare(draft, call);
    const all = notReachedOf(decided);
    const from = Math.max(0, Number.parseInt(cursor ?? '0', 10) || 0);
    const items = all.slice(from, from + limit);
    return { items, nextCursor: from + limit < all.length ? String(from + limit) : null, total: all.length };
  }
}

/** The one that was asked for, also when they do not receive it; else somebody who does. With what is put in by every channel. */
export function sampleOf(decided: readonly Decided[], residentId: ResidentId | undefined): Decided | null {
  const wanted = residentId && decided.find(({ candidate }) => candidate.residentId === residentId);
  const sample = wanted ?? decided.find(({ verdict }) => verdict.will);
  if (!sample) return null;
  const own = decided.filter(({ candidate }) => candidate.who === sample.candidate.who);
  return { ...sample, fields: Object.fromEntries(own.flatMap(({ fields }) => Object.entries(fields))) };
}

export function rendered({ asked, when }: Pick<Prepared, 'asked' | 'when'>, one: Decided, replyTo: string | null): Rendered {
  const { writing, shared } = asked;
  const filling: Filling = {
    locale: one.language,
    timeZone: when.timeZone,
    values: { ...shared, ...one.fields },
    secrets: 'masked',
  };
  const marketing = asked.category === 'marketing' || asked.category === 'operational';
  // what it leads to is made for each recipient when it is sent
  return writing.render(one.language, filling, { unsubscribe: marketing ? '#unsubscribe' : null, replyTo });
}

function notReachedOf(decided: readonly Decided[]): NotReached[] {
  return decided.flatMap(({ candidate: { personId, residentId, name }, channel, verdict }) =>
    verdict.will ? [] : [{ personId, residentId, name, channel, reason: verdict.reason, message: verdict.message }],
  );
}

function lacksOf({ asked, decided }: Prepared): Preview['lacks'] {
  const found = new Map<string, { describe: string; count: number; examples: string[] }>();
  for (const { candidate, channel, fields, verdict } of decided) {
    if (verdict.will || verdict.reason !== 'missing-field') continue;
    for (const field of lacking(asked.writing.fields(channel), { ...asked.shared, ...fields })) {
      const row = found.get(field) ?? { describe: fieldRow(field).describe, count: 0, examples: [] };
      row.count += 1;
      if (row.examples.length < 20) row.examples.push(candidate.name);
      found.set(field, row);
    }
  }
  return [...found].map(([field, row]) => ({ field, ...row }));
}

function smsOf(text: string, { total, most, longest, spread, ucs2 }: SmsLoad): NonNullable<Preview['sms']> {
  const { segments, plainer, costly } = adviceFor(text);
  const advice = [
    ...(plainer ? [`With plain letters it would be ${plainer.count} instead of ${segments.count}.`] : []),
    ...(!plainer && costly.length > 0 ? [`${costly.join(' ')} make it dearer.`] : []),
    ...(longest !== null && most > segments.count ? [`The longest, for ${longest}, has ${most}.`] : []),
    ...(ucs2 > 0 && segments.encoding === 'gsm-7' ? [`For ${ucs2} a letter of their name makes it dearer.`] : []),
  ].join(' ');
  const { encoding, count } = segments;
  return { encoding, segments: count, total, most, spread: [...spread], ucs2, advice: advice === '' ? null : advice };
}
