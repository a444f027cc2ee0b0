import type { AccessPolicy, Property } from '@leasewire/contracts';

const defaults: Record<Property['kind'], AccessPolicy> = {
  rental: { futureMoveInDays: 3, futureMoveOutDays: 0, staleAfterDays: 7 },
  strata: { futureMoveInDays: 0, futureMoveOutDays: 0, staleAfterDays: 7 },
};

export interface HasPolicy {
  readonly kind: Property['kind'];
  readonly policyChanges: { readonly [K in keyof AccessPolicy]?: number | undefined };
}

export const defaultPolicy = (kind: Property['kind']): AccessPolicy => defaults[kind];

export function policyOf({ kind, policyChanges }: HasPolicy): AccessPolicy {
  const usual = defaultPolicy(kind);
  return {
    futureMoveInDays: policyChanges.futureMoveInDays ?? usual.futureMoveInDays,
    futureMoveOutDays: policyChanges.futureMoveOutDays ?? usual.futureMoveOutDays,
    staleAfterDays: policyChanges.staleAfterDays ?? usual.staleAfterDays,
  };
}
