import type { Message, MessageCategory, MessageFacts, MessageState } from '@leasewire/contracts';

/** From this many people on, their number is typed: a habit of pressing “Send” does not reach a whole property. */
export const typedFrom = 250;

export const confirmBy = (reached: number): 'press' | 'number' => (reached >= typedFrom ? 'number' : 'press');

interface Progress {
  readonly state: MessageState;
  readonly startedAt: Date | null;
}

/** It was given up while its deliveries were written: some may be out, and the rest can follow. */
export const isStuck = ({ state, startedAt }: Progress): boolean => state === 'waiting' && startedAt !== null;
/** Nothing has gone out: it may be edited, and cancelled without a trace. */
export const hasNotBegun = (message: Progress): boolean =>
  (message.state === 'scheduled' || message.state === 'waiting') && !isStuck(message);
export const isRunning = (message: Progress): boolean =>
  message.state === 'preparing' || message.state === 'sending' || message.state === 'paused' || isStuck(message);

/** To no more than so many, a message is short work; it would be long waiting. */
const fewAt = 25;

/** Does it go before what goes out to many? Somebody may be waiting for it. */
export function goesFirst(
  { kind, category, many }: { readonly kind: Message['kind']; readonly category: MessageCategory; readonly many: boolean },
  recipients: number,
): boolean {
  return !many && (kind === 'test' || category === 'emergency' || recipients <= fewAt);
}

/** One person by one channel, who receives it. */
export const isOneDelivery = ({ channels, reach }: Pick<MessageFacts, 'channels' | 'reach'>): boolean =>
  channels.length === 1 && reach?.people === 1 && reach.reached === 1;

type Can = Message['can'][number];

/** Which buttons a message has now; the owner refuses the others too. */
export function canDo(message: Progress & { readonly kind: Message['kind']; readonly contentGone: boolean }): Can[] {
  const { kind, state, contentGone } = message;
  const composed = kind === 'composed';
  const able: Can[] = [];
  if (hasNotBegun(message) || isRunning(message)) able.push('cancel');
  if (composed && hasNotBegun(message)) able.push('edit');
  if (composed && state === 'waiting' && hasNotBegun(message)) able.push('confirm');
  if (state === 'sending') able.push('pause');
  if (state === 'paused' || isStuck(message)) able.push('resume');
  if (composed && !contentGone) able.push('copy');
  return able;
}

/**
 * While it runs its counts are brought up to date so often; when nothing moves, seldom; where one delivery is all of it, it is over with that,
 * and thousands like it may wait for a mail server.
 */
export const lookAgainMs = { moving: 1000, still: 5000, alone: 60_000 } as const;
