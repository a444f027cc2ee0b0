import { z } from 'zod';
import { ApiKeyId, PersonId, PropertyId, StaffId } from './ids.js';

/** The shared words of DESIGN.md 4. A word that two services use lives here; a word of one service lives in its folder. */

export const Instant = z.iso.datetime({ offset: true }).describe('A moment, ISO 8601 with zone');
export type Instant = z.infer<typeof Instant>;

export const LocalDate = z.iso.date().describe('A calendar day without a zone, YYYY-MM-DD');
export type LocalDate = z.infer<typeof LocalDate>;

export const TimeZone = z
  .string()
  .refine(isTimeZone, 'is not an IANA time zone such as Australia/Brisbane')
  .describe('An IANA time zone');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const Money = z
  .object({
    amount: z.int().describe('In the smallest unit of the currency (cents)'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .describe('ISO 4217'),
  })
  .meta({ id: 'Money' });
export type Money = z.infer<typeof Money>;

export const EmailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email('is not an e-mail address such as ana@example.com'));

export const UserType = z
  .enum(['resident', 'owner-occupier', 'tenant', 'owner-investor', 'committee'])
  .meta({ id: 'UserType', description: 'What someone is to a property; several at once are normal' });
export type UserType = z.infer<typeof UserType>;

export const LeaseStatus = z
  .enum(['applicant', 'future', 'current', 'notice', 'past', 'cancelled'])
  .meta({ id: 'LeaseStatus', description: 'The lease status of one occupancy' });
export type LeaseStatus = z.infer<typeof LeaseStatus>;

export const ResidentState = z.enum(['pending-import', 'active', 'archived']).meta({ id: 'ResidentState' });
export type ResidentState = z.infer<typeof ResidentState>;
export const AccountStatus = z
  .enum(['not-invited', 'pending-activation', 'live', 'activation-expired'])
  .meta({ id: 'AccountStatus' });
export const WifiStatus = z
  .enum(['none', 'granting', 'active', 'blocking', 'blocked', 'unblocking', 'revoking', 'revoked', 'failing'])
  .meta({ id: 'WifiStatus' });

/** Who did it. A string, so that it fits a CloudEvents attribute and a header. */
export const ActorRef = z.union([
  z.templateLiteral(['staff:', StaffId]),
  z.templateLiteral(['api-key:', ApiKeyId]),
  z.templateLiteral(['resident:', PersonId]),
  z.templateLiteral(['service:', z.string().regex(/^[a-z]+(-[a-z]+)*$/)]),
]);
export type ActorRef = z.infer<typeof ActorRef>;

export const PropertyScope = z
  .union([z.literal('all'), z.array(PropertyId).max(5000)])
  .describe('The properties someone may see: all of the organization, or these');
export type PropertyScope = z.infer<typeof PropertyScope>;

/** One page of a list. `total` is only there when it was asked for: counting costs more than listing. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Give this as `cursor` for the next page; null on the last'),
    total: z.int().nonnegative().optional(),
  });
}
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most'),
  cursor: z.string().max(1000).optional().describe('`nextCursor` of the page before'),
});

/** A selection: these ids, or all that match this filter except some. A filter nominates; the owner decides each again. */
export function selectionOf<I extends z.ZodType, F extends z.ZodType>(id: I, filter: F) {
  return z.union([
    z.strictObject({ ids: z.array(id).min(1).max(10_000) }),
    z.strictObject({ filter, except: z.array(id).max(10_000).default([]) }),
  ]);
}
