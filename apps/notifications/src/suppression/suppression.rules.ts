import type { SuppressionDoc } from './suppression.repository.js';

const why: Readonly<Record<SuppressionDoc['reason'], string>> = {
  'hard-bounce': 'Mail to this address came back: it does not exist.',
  'soft-bounces': 'Mail to this address came back again and again.',
  complaint: 'They reported a message as spam.',
  'unreachable-number': 'This number cannot be texted.',
  staff: 'Staff put this address on the suppression list.',
};

export const suppressedBecause = ({ reason }: Pick<SuppressionDoc, 'reason'>): string => why[reason];

/** This many soft bounces, with none delivered between, within so many days: then it is no use going on. */
export const softBounces = { most: 5, days: 14 } as const;
