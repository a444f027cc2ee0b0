import type { Suppression } from '@leasewire/contracts';
import { categories, type Category, type Channel } from '../compose/category.rules.js';

type Suppressed = Pick<Suppression, 'reason'>;

const why: Readonly<Record<Suppression['reason'], string>> = {
  'hard-bounce': 'Mail to this address came back: it does not exist.',
  'soft-bounces': 'Mail to this address came back again and again.',
  complaint: 'They reported a message as spam.',
  'unreachable-number': 'This number cannot be texted.',
  staff: 'Staff put this address on the suppression list.',
};

export const suppressedBecause = ({ reason }: Suppressed): string => why[reason];

/** What somebody said, and not what is wrong with the address. */
export const isWord = ({ reason }: Suppressed): boolean => reason === 'complaint' || reason === 'staff';

/**
 * Whether it keeps a message back. A dead address holds for every category: mail to it harms the delivery of all other mail. A press on
 * “spam”, or a word of staff, keeps nothing from anybody that always reaches everybody: their password, an evacuation.
 */
export const holdsFor = (suppressed: Suppressed, category: Category, channel: Channel): boolean =>
  !isWord(suppressed) || categories[category].reach[channel] !== 'always';

/** This many soft bounces, with none delivered between, within so many days: then it is no use going on. */
export const softBounces = { most: 5, days: 14 } as const;
