import type { AuditFilter, OrgId } from '@leasewire/contracts';
import type { Actor } from '@leasewire/messaging';
import type { z } from 'zod';
import { wordsIn } from '../record/search-words.rules.js';

export type Asked = z.output<typeof AuditFilter>;
type Who = Pick<Actor, 'ref' | 'properties'>;

/**
 * Whoever is limited to some properties sees what happened there, and what they did themselves where no property was
 * concerned. What concerns the organization as a whole is for those who may see all of it.
 */
export function visibleTo(who: Who): { scope?: { $in: string[] } } {
  return who.properties === 'all' ? {} : { scope: { $in: [...who.properties, who.ref] } };
}

/** Null where nothing can match. `termOf` is the organization's keyed digest of a word. */
export function entriesAsked(orgId: OrgId, asked: Asked, who: Who, termOf: (word: string) => string) {
  const words = asked.text === undefined ? [] : wordsIn(asked.text);
  if (asked.text !== undefined && words.length === 0) return null;
  if (asked.propertyId !== undefined && who.properties !== 'all' && !who.properties.includes(asked.propertyId)) return null;
  return {
    orgId,
    ...(asked.actor !== undefined && { actor: asked.actor }),
    ...(asked.entity !== undefined && { entity: asked.entity }),
    ...(asked.type !== undefined && { types: asked.type }),
    ...(asked.correlationId !== undefined && { correlationId: asked.correlationId }),
    ...during(asked),
    ...(words.length > 0 && { 'terms.w': words.length === 1 ? termOf(words[0] ?? '') : { $all: words.map(termOf) } }),
    // one property that they may see is a narrower condition than all of them
    ...(asked.propertyId !== undefined ? { scope: asked.propertyId } : visibleTo(who)),
  };
}

function during({ from, until }: Asked): { at?: { $gte?: Date; $lt?: Date } } {
  if (from === undefined && until === undefined) return {};
  return { at: { ...(from !== undefined && { $gte: new Date(from) }), ...(until !== undefined && { $lt: new Date(until) }) } };
}
