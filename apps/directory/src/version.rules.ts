import { DomainError } from '@leasewire/contracts';

/** Whoever edits names the version they looked at; without one, the last to come wins. */
export function assertVersion(doc: { readonly version: number }, looked: number | undefined): void {
  if (looked === undefined || looked === doc.version) return;
  throw new DomainError('conflict.version', 'Somebody changed this meanwhile. Look at it again, then repeat your change.', {
    version: doc.version,
  });
}
