import { DomainError } from '@leasewire/contracts';

/** An organization closes so many days after an owner said so; until then any owner may take it back. */
export const undoDays = 7;

/** What the books say of an organization that an owner wants to close, or does not any more. */
export interface Closable {
  readonly name: string;
  readonly closing: { readonly takesEffectAt: Date } | null;
  readonly closedAt: Date | null;
}

export const takesEffectAt = (now: Date): Date => new Date(now.getTime() + undoDays * 86_400_000);

/** Whoever types the name knows which organization it is, and that it is meant. */
export function assertMayClose({ name, closing, closedAt }: Closable, typed: string): void {
  assertOpen({ closedAt });
  if (closing !== null)
    throw new DomainError('conflict.state', `${name} closes at ${closing.takesEffectAt.toISOString()} already. Keep it first.`);
  if (typed.trim() !== name)
    throw new DomainError('organization.name-differs', `Type the name of the organization as it is written: ${name}.`, { name });
}

export function assertOpen({ closedAt }: Pick<Closable, 'closedAt'>): void {
  if (closedAt === null) return;
  throw new DomainError(
    'conflict.state',
    'The organization is closed. Only the operator of the platform can open it again (reopen-organization).',
  );
}

export interface WhoGetsIn {
  readonly staff: number;
  readonly invited: number;
  readonly apiKeys: number;
}

/** What closing means for those who work here, the gravest first. Of the people who live here directory knows. */
export function consequencesOfClosing({ staff, invited, apiKeys }: WhoGetsIn): string[] {
  return [
    `In ${undoDays} days ${staff === 1 ? 'the only staff member is' : `all ${staff} staff members are`} signed out for good.`,
    ...(invited > 0 ? [`${invited === 1 ? '1 invitation' : `${invited} invitations`} of staff would be void.`] : []),
    ...(apiKeys > 0 ? [`${apiKeys === 1 ? '1 API key' : `${apiKeys} API keys`} would be revoked.`] : []),
    'Messages that are planned or being sent then are cancelled, and nobody is reminded of their invitation any more.',
    'Until then everything works on, and any owner can keep the organization.',
    'Export what you need before: residents, units and the audit record cannot be fetched afterwards.',
  ];
}
