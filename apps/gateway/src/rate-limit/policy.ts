/**
 * What is counted, and how much of it is allowed in a window. The figures are defaults; `LEASEWIRE_RATE_LIMIT_*` changes them.
 * `credential`: a session or an API key. `organization`: everyone of it together. `address`: whoever is not known.
 * `sign-in`: tries with a password or a link, per address; how many at one account is identity's, which knows the person's devices.
 * `refused`: tokens and keys that were not accepted, per address.
 */
export const limitNames = ['credential', 'organization', 'address', 'sign-in', 'refused'] as const;
export type LimitName = (typeof limitNames)[number];

export interface Policy {
  readonly name: LimitName;
  /** 0: not limited. */
  readonly limit: number;
  readonly windowSeconds: number;
}

export type Policies = Readonly<Record<LimitName, Policy>>;

const windowSeconds = 60;

export const defaultLimits: Readonly<Record<LimitName, number>> = {
  credential: 1200,
  organization: 6000,
  address: 240,
  'sign-in': 20,
  refused: 300,
};

export function policies(limits: Readonly<Record<LimitName, number>>): Policies {
  const of = (name: LimitName): Policy => ({ name, limit: limits[name], windowSeconds });
  return {
    credential: of('credential'),
    organization: of('organization'),
    address: of('address'),
    'sign-in': of('sign-in'),
    refused: of('refused'),
  };
}
