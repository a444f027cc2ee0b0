import type { AuditEntry } from '@leasewire/contracts';
import { isFields, type Json } from '../chain/canonical-json.js';
import type { EntryDoc } from '../chain/entry.repository.js';
import { asText, plain } from '../record/content.rules.js';
import { isMarkedFields, isMarkedList, Personal, type Marked } from '../record/marked.js';

/** An entry as it is answered: opened, with what was theirs missing where somebody was erased. */
export function entryView(doc: EntryDoc, content: Marked): AuditEntry {
  const fields = isMarkedFields(content) ? content : {};
  const actorName = plain(fields['actorName'] ?? null);
  return {
    id: doc._id,
    seq: doc.seq,
    at: doc.at.toISOString(),
    recordedAt: doc.recordedAt.toISOString(),
    actor: doc.actor,
    actorName: typeof actorName === 'string' ? actorName : null,
    type: doc.type,
    what: asText(fields['what']),
    entity: doc.entity,
    entityVersion: doc.entityVersion,
    propertyId: doc.propertyId,
    correlationId: doc.correlationId,
    eventId: doc.eventId,
    before: fieldsOrNull(plain(fields['before'] ?? null)),
    after: fieldsOrNull(plain(fields['after'] ?? null)),
    erased: hasErased(content),
    hash: doc.hash,
    previousHash: doc.previousHash,
  };
}

function fieldsOrNull(value: Json): Record<string, unknown> | null {
  return isFields(value) ? { ...value } : null;
}

/** A value that was kept for somebody is never null: then it is gone. */
function hasErased(value: Marked): boolean {
  if (value instanceof Personal) return value.value === null;
  if (isMarkedList(value)) return value.some(hasErased);
  return isMarkedFields(value) && Object.values(value).some(hasErased);
}
