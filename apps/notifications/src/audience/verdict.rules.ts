import { createHash } from 'node:crypto';
import type { Channel, FieldData, MessageCategory, Reach, SkipReason } from '@leasewire/contracts';
import { categories, consents, type Standing } from '../compose/category.rules.js';
import type { FieldName } from '../compose/field-registry.js';
import type { Candidate } from './candidate.rules.js';

export type Verdict =
  | { readonly will: true; readonly address: string }
  | { readonly will: false; readonly reason: SkipReason; readonly message: string; readonly address: string | null };

/** What decides about one candidate and channel. */
export interface Circumstances {
  readonly channel: Channel;
  readonly category: MessageCategory;
  readonly isOn: boolean;
  readonly found: { readonly address: string } | { readonly problem: string } | null;
  /** Why such a message does not go to the address any more; null: it does. */
  readonly suppressed: string | null;
  readonly standing: Standing;
  /** Fields that the text needs and they lack. */
  readonly lacks: readonly FieldName[];
  /** Whether it goes to residents who are not active too: what a service sends to an address it gave itself. */
  readonly anyState: boolean;
}

const what: Readonly<Record<Channel, string>> = { email: 'e-mail address', sms: 'mobile number' };

/** One rule for the preview and for the send. */
export function decide(candidate: Candidate, about: Circumstances): Verdict {
  const { channel, category, isOn, found, suppressed, standing, lacks, anyState } = about;
  const address = found && 'address' in found ? found.address : null;
  const not = (reason: SkipReason, message: string): Verdict => ({ will: false, reason, message, address });
  if (candidate.refused === 'not-found') return not('not-found', 'They are not known, or you may not see them.');
  if (candidate.refused === 'duplicate') return not('duplicate', 'Somebody of the audience has this address already.');
  if (!anyState && candidate.state === 'pending-import') return not('pending-import', 'They are not imported yet.');
  if (!anyState && candidate.state === 'archived') return not('archived', 'They are archived.');
  if (!anyState && candidate.silent) return not('service-not-started', 'The service of their property has not started.');
  if (!isOn) return not('channel-off', `This deployment sends no ${channel === 'sms' ? 'texts' : 'e-mail'}.`);
  if (found === null) return not('no-address', `They have no ${what[channel]}.`);
  if ('problem' in found) return not('unusable-address', found.problem);
  if (suppressed !== null) return not('suppressed', suppressed);
  const unwanted = unwantedBecause(category, channel, standing);
  if (unwanted) return not(unwanted.reason, unwanted.message);
  if (lacks.length > 0) return not('missing-field', `The text needs ${lacks.join(', ')}, which is not known of them.`);
  return { will: true, address: found.address };
}

/** By what they said, when a message begins and again when it goes out; null: it is not unwanted. */
export function unwantedBecause(
  category: MessageCategory,
  channel: Channel,
  standing: Standing,
): { readonly reason: SkipReason; readonly message: string } | null {
  if (consents(categories[category].reach[channel], standing)) return null;
  return standing.consent === 'refused'
    ? { reason: 'opted-out', message: 'They asked not to receive such messages.' }
    : { reason: 'no-consent', message: 'They have not agreed to receive such messages.' };
}

export interface Decided {
  readonly candidate: Candidate;
  readonly channel: Channel;
  readonly verdict: Verdict;
  readonly language: string;
  readonly fields: FieldData;
}

export function reachOf(decided: readonly Decided[]): Reach {
  const people = new Set<string>();
  const reached = new Set<string>();
  const channels: Partial<Record<Channel, { will: number; not: Partial<Record<SkipReason, number>> }>> = {};
  for (const { candidate, channel, verdict } of decided) {
    people.add(candidate.who);
    const of = (channels[channel] ??= { will: 0, not: {} });
    if (verdict.will) {
      reached.add(candidate.who);
      of.will += 1;
    } else of.not[verdict.reason] = (of.not[verdict.reason] ?? 0) + 1;
  }
  return { people: people.size, reached: reached.size, channels };
}

/** Who receives it, by which channel, at which address: what a confirmation is about. */
export function audienceDigest(decided: readonly Decided[]): string {
  const keys = decided.flatMap(({ candidate, channel, verdict }) =>
    verdict.will ? [`${candidate.who} ${channel} ${verdict.address}`] : [],
  );
  return hashOf(keys.sort().join('\n'));
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
