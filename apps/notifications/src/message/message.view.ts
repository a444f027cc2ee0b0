import type { Message, MessageFacts } from '@leasewire/contracts';
import { momentAndZoneIn } from '../schedule/when.rules.js';
import type { MessageDoc } from './message.repository.js';
import { canDo } from './message.rules.js';

export function messageFacts(doc: MessageDoc): MessageFacts {
  const { _id: id, propertyId, kind, template, key, service, category, channels, state, reason } = doc;
  const { local, timeZone, reach, counts, createdBy, version } = doc;
  return {
    ...{ id, propertyId, kind, template, key, service, category, channels, state, reason },
    ...{ local, timeZone, reach, counts, createdBy, version },
    startsAt: doc.startsAt.toISOString(),
    startedAt: doc.startedAt?.toISOString() ?? null,
    finishedAt: doc.finishedAt?.toISOString() ?? null,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}

export const toMessage = (doc: MessageDoc): Message => ({
  ...messageFacts(doc),
  subject: doc.texts?.[0]?.subject ?? '',
  startsAtWords: momentAndZoneIn(doc.startsAt, doc.timeZone, 'en'),
  can: canDo(doc),
});
