import { createHash } from 'node:crypto';
import { fold } from '../staff/staff-search.rules.js';

/** The same bootstrap typed twice is one organization. */
export function bootstrapKey(name: string, ownerEmail: string): string {
  return createHash('sha256')
    .update(JSON.stringify([fold(name), ownerEmail]))
    .digest('base64url');
}
