import { DomainError } from '@leasewire/contracts';

/** Nobody's fault here: the same will work when what is away is back. */
export const isPassing = (error: unknown): boolean =>
  error instanceof DomainError && (error.code === 'unavailable' || error.code === 'timeout');
