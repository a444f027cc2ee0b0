import type { SyncPolicy, UpstreamPerson } from '@leasewire/contracts';

const common = {
  nightlyAt: '02:00',
  occupants: true,
  guarantors: false,
  withoutEmail: true,
  brakeShare: 0.1,
  brakeCount: 5,
  growthShare: 0.5,
  balances: false,
} as const;

/** Leases change by the hour, ownership by the week. */
export const defaultPolicies: Readonly<Record<'rental' | 'strata', SyncPolicy>> = {
  rental: { everyMinutes: 30, ...common },
  strata: { everyMinutes: null, ...common },
};

/** Fields of a policy that may be absent or, where nobody set them, undefined. */
export type PolicyChanges = { readonly [K in keyof SyncPolicy]?: SyncPolicy[K] | undefined };
interface WithPolicy {
  readonly kind: 'rental' | 'strata';
  readonly policyChanges: PolicyChanges;
}
export const policyOf = ({ kind, policyChanges: changes }: WithPolicy): SyncPolicy => {
  const own = defaultPolicies[kind];
  return {
    everyMinutes: changes.everyMinutes === undefined ? own.everyMinutes : changes.everyMinutes,
    nightlyAt: changes.nightlyAt ?? own.nightlyAt,
    occupants: changes.occupants ?? own.occupants,
    guarantors: changes.guarantors ?? own.guarantors,
    withoutEmail: changes.withoutEmail ?? own.withoutEmail,
    brakeShare: changes.brakeShare ?? own.brakeShare,
    brakeCount: changes.brakeCount ?? own.brakeCount,
    growthShare: changes.growthShare ?? own.growthShare,
    balances: changes.balances ?? own.balances,
  };
};

/** What is left of a policy when what equals the default is taken out: a later change of the defaults then reaches it. */
export function changesOf(kind: 'rental' | 'strata', policy: PolicyChanges): Partial<SyncPolicy> {
  const defaults = new Map<string, unknown>(Object.entries(defaultPolicies[kind]));
  return Object.fromEntries(Object.entries(policy).filter(([key, value]) => value !== undefined && defaults.get(key) !== value));
}

/** What differs from the defaults once somebody asked for a change, or for the defaults. */
export const changedPolicy = ({ kind, policyChanges }: WithPolicy, asked: PolicyChanges | 'default'): Partial<SyncPolicy> =>
  asked === 'default' ? {} : changesOf(kind, { ...policyChanges, ...asked });

export interface SkipReason {
  readonly code: string;
  readonly message: string;
}

/** Whom the policy leaves out, and why. They are seen all the same: a person who is skipped is not absent. It is about newcomers: `leftOutBy`. */
export function skipReason(person: Pick<UpstreamPerson, 'role' | 'email'>, policy: SyncPolicy): SkipReason | null {
  if (person.role === 'placeholder')
    return { code: 'sync.placeholder', message: 'It is a placeholder of the PMS, not a person.' };
  if (person.role === 'guarantor' && !policy.guarantors)
    return { code: 'sync.guarantor', message: 'Guarantors are left out by the policy of the property.' };
  if (person.role === 'occupant' && !policy.occupants)
    return { code: 'sync.occupant', message: 'Occupants who did not sign are left out by the policy of the property.' };
  if (person.email === null && !policy.withoutEmail)
    return {
      code: 'sync.without-email',
      message: 'People without an e-mail address are left out by the policy of the property.',
    };
  return null;
}
