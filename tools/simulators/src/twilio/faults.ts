import { z } from 'zod';
import { FaultList, type Placed } from '../faults/fault-list.js';
import { isLike } from '../mail/faults.js';
import { failures, refusals } from './codes.js';

const extent = {
  to: z.string().optional().describe('Only texts to numbers like this; * stands for anything.'),
  times: z.int().positive().optional().describe('For so many; without it until it is cleared.'),
  after: z.int().nonnegative().default(0).describe('Let so many pass first.'),
  probability: z.number().min(0).max(1).optional().describe('Of those it could meet, by the seed.'),
};
const refusalCode = z.int().refine((code) => code in refusals, 'is no code that a send is refused with');
const failureCode = z.int().refine((code) => code in failures, 'is no code that a status callback tells');

export const TwilioFaultWish = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rate-limited'), ...extent }).describe('429 with 20429; the text is not taken.'),
  z
    .strictObject({
      kind: z.literal('broken'),
      kept: z.boolean().default(false).describe('The text is taken nevertheless; the sender cannot know.'),
      ...extent,
    })
    .describe('500.'),
  z
    .strictObject({ kind: z.literal('hang'), ms: z.int().positive().default(20_000), kept: z.boolean().default(true), ...extent })
    .describe('The text is taken, then nothing is said for so long. With `kept: false` it is not taken.'),
  z
    .strictObject({ kind: z.literal('cut'), kept: z.boolean().default(true), ...extent })
    .describe('The text is taken, then the connection is cut without an answer. With `kept: false` it is not taken.'),
  z
    .strictObject({ kind: z.literal('refuse'), code: refusalCode, ...extent })
    .describe('400 with the code; the text is not taken.'),
  z
    .strictObject({ kind: z.literal('undelivered'), code: failureCode, ...extent })
    .describe('The text is taken; then the callback says that it failed.'),
  z
    .strictObject({ kind: z.literal('stay'), at: z.enum(['queued', 'sent']).default('sent'), ...extent })
    .describe('No later status ever comes, as of carriers that give no receipts.'),
  z.strictObject({ kind: z.literal('duplicate'), ...extent }).describe('Each callback comes twice.'),
  z.strictObject({ kind: z.literal('reorder'), ...extent }).describe('The callbacks of a text come last one first.'),
  z.strictObject({ kind: z.literal('forge'), ...extent }).describe('Callbacks come with a signature of somebody else.'),
  z.strictObject({ kind: z.literal('lose'), ...extent }).describe('The status changes, no callback comes.'),
  z
    .strictObject({ kind: z.literal('unlisted'), ms: z.int().nonnegative().default(5_000), ...extent })
    .describe('For so long a new text is not in the list yet.'),
]);
export type TwilioFaultWish = z.infer<typeof TwilioFaultWish>;
export type TwilioFault = Placed<TwilioFaultWish>;
export type TwilioFaultKind = TwilioFaultWish['kind'];
export const twilioFaultKinds = TwilioFaultWish.options.map(({ shape }) => shape.kind.value);

export class TwilioFaults extends FaultList<TwilioFaultWish> {
  /** Those of one kind that meet a text to this number. */
  met<Kind extends TwilioFaultKind>(kind: Kind, to: string): Extract<TwilioFault, { kind: Kind }> | undefined {
    const isOfKind = (fault: TwilioFault): fault is Extract<TwilioFault, { kind: Kind }> => fault.kind === kind;
    return this.take((wish) => wish.kind === kind && (wish.to === undefined || isLike(wish.to, to))).find(isOfKind);
  }
}
