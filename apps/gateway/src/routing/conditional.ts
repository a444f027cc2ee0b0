import { DomainError } from '@leasewire/contracts';
import type { IfMatch } from './route.js';

/** An entity tag is the version of the thing, quoted: `"7"`. */
export const etagOf = (version: number): string => `"${version}"`;

const strongTag = /^"(\d{1,15})"$/;

/**
 * The version an edit is meant for. `*` means whatever is there. A tag we never gave cannot be the newest, so it is
 * refused as a stale one would be.
 */
export function versionToEdit(header: string | undefined, rule: IfMatch): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === '') {
    if (!rule.required) return undefined;
    throw new DomainError(
      'precondition-required',
      'Say which version you edit: send If-Match with the ETag you read, or If-Match: * to edit whatever is there.',
    );
  }
  if (text === '*') return undefined;
  const version = strongTag.exec(text)?.[1];
  if (version !== undefined) return Number(version);
  throw new DomainError(
    'conflict.version',
    'If-Match must be one ETag that this thing had, such as "7". Read it again and repeat.',
    {
      given: text.slice(0, 60),
    },
  );
}

/** Whether the caller has this version already. Weak and strong tags mean the same for a read. */
export function isKnownTo(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header === etag || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*');
}
