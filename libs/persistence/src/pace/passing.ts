import { DomainError } from '@leasewire/contracts';
import { isUnavailable } from '../database/availability.js';

/** Nobody's fault here: the same will work when what is away is back. */
export const isPassing = (error: unknown): boolean =>
  isUnavailable(error) || (error instanceof DomainError && (error.code === 'unavailable' || error.code === 'timeout'));
